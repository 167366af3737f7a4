"""Landlock: what a process and all it starts may touch, given up for good by an unprivileged call (Linux 5.13 and on).

The guard puts it between itself and a pipeline; it has the standard library only. Numbers are those of the kernel's
linux/landlock.h. From ABI 4 it covers TCP, from ABI 6 signals to others and abstract sockets. It covers neither UDP nor
memory nor processor time. Another process's environment is safe because a restricted process may trace no outsider,
unless it has root's powers: the guard takes those away.
"""

import ctypes
import os
import struct
from collections.abc import Iterable

_LIBC = ctypes.CDLL(None, use_errno=True)
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION = 1
_PATH_BENEATH = 1
_PR_SET_NO_NEW_PRIVS = 38

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_DEVICES = 1 << 6 | 1 << 11
_TRUNCATE, _IOCTL = 1 << 14, 1 << 15
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_OF_A_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many rights over files each ABI knows."""
_TCP_SINCE, _SCOPES_SINCE = 4, 6
_BIND_AND_CONNECT, _SIGNALS_AND_ABSTRACT_SOCKETS = 3, 3


def abi() -> int:
    """Return the version of Landlock that this kernel has, 0 for none."""
    return max(0, int(_LIBC.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_VERSION))))


def restrict(read: Iterable[str], write: Iterable[str], append: Iterable[str] = ()) -> None:
    """Leave this process nothing but these files and folders; those that are not there are left out.

    `read` may also be executed, `append` may be written to and not cut. No TCP connection can be made or taken. Raises
    OSError where the kernel refuses.
    """
    version = abi()
    handled = (1 << _RIGHTS.get(version, 16)) - 1
    tcp = _BIND_AND_CONNECT if version >= _TCP_SINCE else 0
    scopes = _SIGNALS_AND_ABSTRACT_SOCKETS if version >= _SCOPES_SINCE else 0
    words = 1 + (version >= _TCP_SINCE) + (version >= _SCOPES_SINCE)
    rules = _call(_CREATE_RULESET, struct.pack("=3Q", handled, tcp, scopes)[: words * 8], words * 8, 0)
    for paths, rights in ((read, _READ), (write, handled & ~_DEVICES), (append, _READ_FILE | _WRITE_FILE)):
        for path in paths:
            _allow(rules, path, rights & handled)
    if _LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no_new_privs")
    _call(_RESTRICT_SELF, rules, 0)
    os.close(rules)


def _allow(rules: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not os.path.isdir(path):  # noqa: PTH112 - no pathlib at start-up
            rights &= _OF_A_FILE
        _call(_ADD_RULE, rules, _PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
    finally:
        os.close(place)


def _call(number: int, *words: int | bytes) -> int:
    given = [ctypes.c_char_p(word) if isinstance(word, bytes) else ctypes.c_long(word) for word in words]
    answer = int(_LIBC.syscall(ctypes.c_long(number), *given))
    if answer < 0:
        raise OSError(ctypes.get_errno(), f"Landlock: {os.strerror(ctypes.get_errno())}")
    return answer
