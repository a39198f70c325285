"""A server on this machine that speaks the OpenAI protocol, as well and as badly as real ones do."""

import asyncio
import random
import socket
import threading
import time
from collections import deque
from collections.abc import Iterable
from typing import Any, Self

import uvicorn
from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response
from uvicorn.protocols.http.h11_impl import H11Protocol

from .answers import MIXED, Answer, Asked
from .minds import MINDS, Mind
from .wire import refused, reset, stream, whole

STARTS_WITHIN = 20.0


class Server:
    """Answers by its script while there is one, then by its mode; every answer may be at fault by chance.

    `with Server(mode="random", faults=0.3, seed=1) as server: Endpoint(alias="t", url=server.url, model="any")`. Probes of the gateway
    are answered by the mode, take nothing from the script, and are never at fault: `probes` has them, `asked` all other requests.
    """

    def __init__(
        self, mode: str = "scripted", *, faults: float = 0.0, seed: int = 0, mix: Iterable[str] = MIXED, slow: float = 5.0, port: int = 0
    ) -> None:
        self.mode, self.faults, self.seed, self.mix, self.slow = mode, faults, seed, tuple(mix), slow
        self.asked: list[Asked] = []
        self.probes: list[Asked] = []
        self._script: deque[Answer] = deque()
        self._lines: dict[Any, asyncio.Transport] = {}
        self._mind = _mind(mode)
        self._socket = socket.create_server(("127.0.0.1", port))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"
        self._thread, self._server = self._made()

    def say(self, *answers: Answer | str) -> Self:
        """Put answers at the end of the script: texts, or answers with a fault."""
        self._script.extend(Answer(one) if isinstance(one, str) else one for one in answers)
        return self

    def reset(self, mode: str | None = None, *, faults: float = 0.0, seed: int = 0) -> Self:
        """Forget script and requests, and go on in this mode."""
        self.mode, self.faults, self.seed = mode or self.mode, faults, seed
        self._mind = _mind(self.mode)
        self._script.clear()
        self.asked, self.probes = [], []
        return self

    def start(self) -> Self:
        self._thread.start()
        until = time.monotonic() + STARTS_WITHIN
        while not self._server.started:
            assert time.monotonic() < until, "the test server does not start"
            time.sleep(0.005)
        return self

    def stop(self) -> None:
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(10)
        self._socket.close()

    def join(self) -> None:
        """Wait until it is stopped."""
        while self._thread.is_alive():
            self._thread.join(1)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def answer(self, request: Request) -> Response:
        body = await request.json()
        is_probe = _is_probe(body)
        number = len(self.asked)
        chosen = Answer() if is_probe else self._chosen(number)
        (self.probes if is_probe else self.asked).append(Asked(body, dict(request.headers), chosen.fault, is_probe))
        if self.mode == "refuses" and body.get("response_format"):
            return JSONResponse({"error": {"message": "response_format is not supported"}}, 400)
        transport = self._lines.get(request.scope["client"])
        if chosen.fault == "slow_headers":
            await asyncio.sleep(chosen.seconds)
        if chosen.fault == "reset":
            reset(transport)
        if chosen.fault == "echoes":
            return JSONResponse({"error": {"message": f"who are you? {dict(request.headers)}"}}, 401)
        if (other := refused(body, chosen)) is not None:
            return other
        text = chosen.text if chosen.text is not None else await asyncio.to_thread(self._mind, body, random.Random(f"{self.seed} {number}"))
        if not body.get("stream") or chosen.fault == "whole":
            return whole(body, text, chosen)
        return stream(body, text, chosen, transport)

    def _chosen(self, number: int) -> Answer:
        if self._script:
            return self._script.popleft()
        rng = random.Random(f"{self.seed} {number} fault")
        return Answer(fault=rng.choice(self.mix), seconds=self.slow) if rng.random() < self.faults else Answer()

    def _made(self) -> tuple[threading.Thread, uvicorn.Server]:
        app = FastAPI(openapi_url=None)
        app.add_route("/v1/chat/completions", self.answer, methods=["POST"])
        lines = self._lines

        class Known(H11Protocol):
            """Lets a fault find the connection of a request."""

            def connection_made(self, transport: asyncio.Transport) -> None:
                super().connection_made(transport)
                lines[self.client] = transport

            def connection_lost(self, error: Exception | None) -> None:
                lines.pop(self.client, None)
                super().connection_lost(error)

        config = uvicorn.Config(
            app, http=Known, lifespan="off", log_level="critical", access_log=False, date_header=False, timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        return threading.Thread(target=server.run, args=([self._socket],), daemon=True, name="test endpoint"), server


def _mind(mode: str) -> Mind:
    if mode == "tiny":
        from .tiny import mind

        return mind()
    return MINDS[mode]


def _is_probe(body: dict[str, Any]) -> bool:
    from sandbox.gateway.probe import WISH

    return any(message.get("content") == WISH for message in body["messages"])
