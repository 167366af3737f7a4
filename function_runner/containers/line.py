"""A Docker client that also closes a socket which could not connect: docker-py leaves it to the garbage collector.

`engine` opens it. A daemon may go away between any two requests.
"""

import socket
from typing import Any

from docker import APIClient, DockerClient
from docker.transport.unixconn import UnixHTTPAdapter, UnixHTTPConnection, UnixHTTPConnectionPool


class Client(DockerClient):  # type: ignore[misc] # docker-py tells no types
    """Docker's client for an address and a limit in seconds. Raises DockerException where nobody answers."""

    def __init__(self, address: str, timeout: float) -> None:
        self.api = _Api(base_url=address, timeout=timeout)


class _Api(APIClient):  # type: ignore[misc] # docker-py tells no types
    def _retrieve_server_version(self) -> Any:
        """Change the way of connecting before the first request, which this is."""
        given = getattr(self, "_custom_adapter", None)
        if isinstance(given, UnixHTTPAdapter):
            self._custom_adapter = _Adapter(given.socket_path, given.timeout, max_pool_size=given.max_pool_size)
            self.mount("http+docker://", self._custom_adapter)
        return super()._retrieve_server_version()


class _Adapter(UnixHTTPAdapter):  # type: ignore[misc] # docker-py tells no types
    def get_connection(self, url: Any, proxies: Any = None) -> Any:  # noqa: ARG002 - the base's own
        with self.pools.lock:
            if url not in self.pools:
                self.pools[url] = _Pool(url, self.socket_path, self.timeout, maxsize=self.max_pool_size)
            return self.pools[url]


class _Pool(UnixHTTPConnectionPool):  # type: ignore[misc] # docker-py tells no types
    def _new_conn(self) -> Any:
        return _Connection(self.base_url, self.socket_path, self.timeout)


class _Connection(UnixHTTPConnection):  # type: ignore[misc] # docker-py tells no types
    def connect(self) -> None:
        line = socket.socket(socket.AF_UNIX)
        try:
            line.settimeout(self.timeout)
            line.connect(self.unix_socket)
        except BaseException:
            line.close()
            raise
        self.sock = line
