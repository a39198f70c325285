"""What goes out of the gateway and to whom: one host, no key but its own, and no key in anything that is shown, raised or kept."""

import logging
import socket
import threading
import traceback
from pathlib import Path

import pytest

from sandbox.gateway import Ask, Budget, Endpoint, Gateway, GatewayError
from sandbox.gateway.errors import Misconfigured, Rejected
from tests.endpoint.answers import Answer
from tests.endpoint.server import Server
from tests.sandbox.test_gateway import TALK, gateway


def test_no_key_is_found_anywhere(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    keys = {f"CANARY_{number}": f"canary/{number}/8f3a9c1d" for number in range(2)}
    for name, value in keys.items():
        monkeypatch.setenv(name, value)
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    said = " ".join(keys.values())
    server.say(
        Answer(fault="echoes"),
        said,
        Answer(said, "length"),
        Answer(said, "refusal"),
        Answer(f"{{'x': {said}", "broken_json"),
        Answer(said, "cut_cleanly"),
    )
    asked = gateway(server, tmp_path, key_env="CANARY_0", headers={"x-api-key": "$CANARY_1"})
    for number in range(5):
        try:
            told.append(repr(asked.ask(Ask(TALK.messages, seed=number), heard=told.append)))
        except GatewayError as error:
            told += [traceback.format_exc(), repr(error), repr(vars(error))]
    assert server.asked[0].headers["authorization"] == f"Bearer {keys['CANARY_0']}"
    assert server.asked[0].headers["x-api-key"] == keys["CANARY_1"]
    everything = "\n".join([*told, "".join(told), caplog.text, *(path.read_text() + path.name for path in tmp_path.rglob("*.json"))])
    assert "[key]" in everything
    assert not [key for key in keys.values() if key in everything or key.replace("/", "%2F") in everything]


def test_nothing_of_the_environment_goes_along(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "canary")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "x-canary: canary")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    server.say("here")
    assert gateway(server).ask(TALK).text == "here"
    assert "canary" not in str(server.asked[0].headers)
    assert set(server.asked[0].headers) == {"host", "accept", "accept-encoding", "connection", "content-type", "content-length", "user-agent"}


def test_no_other_host_is_asked(server: Server) -> None:
    with Server() as other:
        server.say(Answer(fault="redirect", location=f"{other.url}/chat/completions"))
        with pytest.raises(Rejected, match="only 127"):
            gateway(server).ask(TALK)
        assert not other.asked


def test_a_key_that_is_not_set_is_missed_before_anything_is_asked(server: Server) -> None:
    with pytest.raises(Misconfigured, match="NO_SUCH_KEY"):
        gateway(server, key_env="NO_SUCH_KEY")


def test_the_proxy_of_the_file_is_used() -> None:
    body = b'{"choices": [{"message": {"content": [{"type": "text", "text": "by proxy"}]}}]}'
    came: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as proxy:

        def serve() -> None:
            line, _ = proxy.accept()
            with line:
                came.append(line.recv(10_000))
                line.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body) + body)

        thread = threading.Thread(target=serve)
        thread.start()
        endpoint = Endpoint(alias="t", url="http://no.such.host/v1", model="m", proxy=f"http://127.0.0.1:{proxy.getsockname()[1]}")
        assert Gateway(endpoint, budget=Budget()).ask(TALK).text == "by proxy"
        thread.join()
    assert came[0].startswith(b"POST http://no.such.host/v1/chat/completions ")


def test_a_line_goes_to_one_host_whatever_its_client_does(server: Server) -> None:
    """The last wall: libraries above it may be told to follow, by a flag or by a fault of theirs."""
    import httpx2

    from sandbox.gateway.line import Line, trusted

    endpoint = Endpoint(alias="t", url="http://127.0.0.1:9/v1", model="any")
    line = Line(endpoint, {}, trusted(endpoint), 1_000)
    with httpx2.Client(transport=line) as client, pytest.raises(Rejected, match="not the host of this endpoint"):
        client.post(f"{server.url}/chat/completions", json={})
    assert not line.was_sent
