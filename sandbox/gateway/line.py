"""The way of one call to its one host: no other host, no header of the environment, no more bytes than allowed, and it can be cut at any time."""

import contextlib
import socket
import ssl
from collections.abc import Iterator, Mapping
from typing import Any

import httpx2

from .endpoints import Endpoint
from .errors import Rejected, Unreadable

PASSED = ("host", "accept", "content-type", "content-length", "user-agent")
HEAD = 2_000  # bytes kept of whatever comes, to say what it was
IDENTITY = "identity"
LIMITS = httpx2.Limits(max_keepalive_connections=0)  # each call has a connection of its own: it can be cut, and none is stale


class Line(httpx2.BaseTransport):
    """One call's connection. The client may be told to follow or add whatever it likes: this sends to the host of the endpoint alone."""

    def __init__(self, endpoint: Endpoint, headers: Mapping[str, str], trusted: ssl.SSLContext, most_bytes: int) -> None:
        self._inner = httpx2.HTTPTransport(verify=trusted, trust_env=False, proxy=endpoint.proxy, limits=LIMITS)
        self._origin = _origin(httpx2.URL(endpoint.url or ""))
        self._alias, self._headers, self._most_bytes = endpoint.alias, dict(headers), most_bytes
        self._socket: socket.socket | None = None
        self._is_cut = False
        self.was_sent = False
        self.head = b""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if _origin(request.url) != self._origin:
            raise Rejected(f"{self._alias}: refused to ask {request.url.host}: it is not the host of this endpoint", 0)
        passed = {name: request.headers[name] for name in PASSED if name in request.headers}
        asked = httpx2.Request(
            request.method,
            request.url,
            headers={**passed, "accept-encoding": IDENTITY, "connection": "close", **self._headers},
            stream=request.stream,
            extensions={**request.extensions, "trace": self._note},
        )
        response = self._inner.handle_request(asked)
        if response.headers.get("content-encoding", IDENTITY).lower() != IDENTITY:  # a few bytes could become gigabytes
            response.close()
            raise Unreadable("the answer is compressed, which was not asked for")
        assert isinstance(response.stream, httpx2.SyncByteStream)
        return httpx2.Response(
            response.status_code, headers=response.headers, stream=Counted(response.stream, self), extensions=response.extensions, request=request
        )

    def cut(self) -> None:
        """End it from another thread: whoever reads from the socket wakes up."""
        self._is_cut = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._inner.close()

    def count(self, stream: httpx2.SyncByteStream) -> Iterator[bytes]:
        came = 0
        for piece in stream:
            came += len(piece)
            if came > self._most_bytes:
                raise Unreadable(f"the answer has more than {self._most_bytes:,} bytes")
            if len(self.head) < HEAD:
                self.head += piece[: HEAD - len(self.head)]
            yield piece

    def _note(self, event: str, facts: Mapping[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._socket = facts["return_value"].get_extra_info("socket")
            if self._is_cut:
                self.cut()
        elif event.endswith("send_request_headers.started"):
            self.was_sent = True


class Counted(httpx2.SyncByteStream):
    """The body of an answer, counted as it comes."""

    def __init__(self, stream: httpx2.SyncByteStream, line: Line) -> None:
        self._stream, self._line = stream, line

    def __iter__(self) -> Iterator[bytes]:
        return self._line.count(self._stream)

    def close(self) -> None:
        self._stream.close()


def trusted(endpoint: Endpoint) -> ssl.SSLContext:
    """Whom an endpoint's certificate must be signed by. Making one takes 20 ms, so plain http gets an empty one."""
    if not (endpoint.url or "").startswith("https:"):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return ssl.create_default_context(cafile=None if endpoint.certificates is None else str(endpoint.certificates))


def _origin(url: httpx2.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or (443 if url.scheme == "https" else 80)
