"""Who we are to an image registry: what `docker login` left, shown as the registry asks for it (Basic or Bearer).

`push` uses it. The rules are the distribution specification's; nothing is written anywhere.
"""

import base64
import json
import re
import subprocess
from collections.abc import Generator
from pathlib import Path
from typing import Final

import httpx

_CHALLENGE: Final = re.compile(r'(\w+)="([^"]*)"')
_UNAUTHORIZED: Final = 401


class DockerLogin(httpx.Auth):
    """Answers a registry's challenge. `host` is the registry's, with its port; `home` holds `.docker/config.json`."""

    requires_response_body = True

    def __init__(self, host: str, home: Path | None = None) -> None:
        self._host = host
        self._basic = _known(host, home or Path.home())
        self._said = ""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send a request, and once more with what the registry asked for."""
        if request.url.netloc.decode() != self._host:
            yield request  # a blob's upload may go to a store elsewhere, which must not learn our password
            return
        if self._said:
            request.headers["Authorization"] = self._said
        answer = yield request
        if answer.status_code != _UNAUTHORIZED:
            return
        scheme, _, words = answer.headers.get("WWW-Authenticate", "").partition(" ")
        if scheme.lower() == "basic" and self._basic and not self._said:
            self._said = f"Basic {self._basic}"
        elif scheme.lower() == "bearer":
            asked = dict(_CHALLENGE.findall(words))
            realm = asked.pop("realm", "")
            headers = {"Authorization": f"Basic {self._basic}"} if self._basic else {}
            given = yield httpx.Request("GET", realm, params=asked, headers=headers)
            if not given.is_success:
                return
            self._said = f"Bearer {given.json().get('token') or given.json().get('access_token')}"
        else:
            return
        request.headers["Authorization"] = self._said
        yield request


def _known(host: str, home: Path) -> str:
    """Return what `docker login` keeps for a registry, as Basic wants it; empty where there is nothing."""
    try:
        config = json.loads((home / ".docker" / "config.json").read_bytes())
    except (OSError, ValueError):
        return ""
    helper = config.get("credHelpers", {}).get(host) or config.get("credsStore")
    if helper:
        asked = subprocess.run(
            [f"docker-credential-{helper}", "get"], input=host, capture_output=True, text=True, check=False
        )
        if asked.returncode == 0:
            kept = json.loads(asked.stdout)
            return base64.b64encode(f"{kept['Username']}:{kept['Secret']}".encode()).decode()
    return str(config.get("auths", {}).get(host, {}).get("auth", ""))
