"""Did the kernel kill for want of memory? Its own counter tells, where there is one (Linux)."""

from pathlib import Path
from typing import Final

_VMSTAT: Final = Path("/proc/vmstat")


def kills(source: Path = _VMSTAT) -> int:
    """Return how many processes the kernel has killed for want of memory since it started; 0 where it does not say."""
    try:
        lines = source.read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), 0)
