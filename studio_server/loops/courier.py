"""Event log → webhooks: what happened becomes deliveries, and deliveries are made, tried again and given up.

The only place where the studio calls an address that a person gave. The name is looked up once and the address that was
looked at is dialled; nothing is redirected, no proxy of the environment is used, and what is answered is not read.
"""

import logging
import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final
from urllib.parse import SplitResult, urlsplit

import httpx

from studio_sdk.errors import StudioError
from studio_sdk.reach import may_reach
from studio_server.actions import hooks
from studio_server.actions.studio import Studio
from studio_server.domain.hooks import signed
from studio_server.index.hooks import Delivery, Hook

AT_ONCE: Final = 8
_PATIENCE: Final = httpx.Timeout(10, connect=5)

_log = logging.getLogger(__name__)


def carry(studio: Studio) -> int:
    """Do one round; return how many deliveries were tried."""
    hooks.gather(studio)
    due = hooks.due(studio, AT_ONCE)
    if due:
        by_hook: dict[str, list[tuple[Hook, Delivery]]] = {}
        for hook, one in due:
            by_hook.setdefault(hook.id, []).append((hook, one))
        with ThreadPoolExecutor(AT_ONCE) as together:  # each in the order of the log, none waits for another
            list(together.map(partial(_deliver_all, studio), by_hook.values()))
    return len(due)


def _deliver_all(studio: Studio, due: Iterable[tuple[Hook, Delivery]]) -> None:
    for hook, one in due:
        _deliver(studio, hook, one)


def _deliver(studio: Studio, hook: Hook, one: Delivery) -> None:
    try:
        status, words = _post(studio, hook, one)
    except (OSError, ValueError, httpx.HTTPError) as error:
        status, words = 0, f"It cannot be reached: {error or type(error).__name__}"
    except StudioError as error:
        status, words = 0, error.message
    _log.info("Webhook %s: %s %s: %s", hooks.host_of(hook.url), one.kind, one.id, words)
    hooks.tried(studio, hook, one, status, words)


def _post(studio: Studio, hook: Hook, one: Delivery) -> tuple[int, str]:
    found = urlsplit(hook.url)
    address, refused = _address(found, frozenset(name.lower() for name in studio.settings.webhook_private))
    if refused:
        return 0, refused
    shown = f"[{address}]" if ":" in address else address
    where = found._replace(netloc=f"{shown}:{found.port}" if found.port else shown, fragment="").geturl()
    headers = {
        **signed(hook.secret, one.id, studio.now(), one.body),
        "host": found.netloc,
        "content-type": "application/json",
        "user-agent": "ProductionCanvas/1",
    }
    with (
        httpx.Client(timeout=_PATIENCE, trust_env=False, follow_redirects=False) as client,
        client.stream(
            "POST", where, content=one.body.encode(), headers=headers, extensions={"sni_hostname": found.hostname}
        ) as answer,
    ):
        if answer.is_redirect:
            return answer.status_code, f"{answer.status_code}: it leads elsewhere, which is not followed"
        return answer.status_code, f"{answer.status_code} {answer.reason_phrase}".strip()


def _address(found: SplitResult, at_home: frozenset[str]) -> tuple[str, str]:
    """Return the address to dial, or why none is. Raises OSError where the name is not known."""
    name = (found.hostname or "").lower().removesuffix(".")
    told = socket.getaddrinfo(name, found.port or found.scheme, type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]) for one in told]
    for address in addresses:
        if not may_reach(address, at_home=name in at_home):
            what = address if address == name else f"{name} is {address}, which"
            return "", f"Refused: {what} is not on the internet (STUDIO_WEBHOOK_PRIVATE)"
    return addresses[0], ""
