"""From an answer to bytes on the wire: chunks of a stream, or one of the faults."""

import asyncio
import gzip
import json
import socket
import struct
from collections.abc import AsyncIterator, Iterator
from email.utils import formatdate
from time import time
from typing import Any

from starlette.responses import JSONResponse, Response, StreamingResponse

from .answers import Answer

PIECE = 4  # characters of a token here
HOUR = 3_600
HUGE = 1 << 30
STREAM = "text/event-stream"
MIDWAY = ("cut_stream", "reset_midway", "error_midway", "bad_utf8")


def texts(text: str, fault: str | None) -> str:
    """The text of an answer whose words are at fault, not its wire."""
    if fault == "fenced":
        return f"Here you are:\n```json\n{text}\n```"
    if fault == "thinking":
        return f"<think>\nThe user wants {{something}}. {text[:20]}\n</think>\n{text}"
    if fault == "broken_json":
        return f"{text.rstrip()[:-1]}, }}" if text.rstrip().endswith("}") and len(text.strip()) > 2 else "{'said': 'nothing',}"
    return {"wrong_schema": '{"something": "else"}', "null_content": "", "nothing": "", "refusal": ""}.get(fault or "", text)


def tokens(text: str) -> list[str]:
    return [text[start : start + PIECE] for start in range(0, len(text), PIECE)]


def usage(body: dict[str, Any], count: int) -> dict[str, int]:
    into = sum(len(tokens(str(message["content"]))) + 5 for message in body["messages"])
    return {"prompt_tokens": into, "completion_tokens": count, "total_tokens": into + count}


def refused(body: dict[str, Any], answer: Answer) -> Response | None:
    """An answer with another status than 200, or one that is no stream."""
    says: dict[str, tuple[int, str, dict[str, str]]] = {
        "busy": (429, "slow down", {"retry-after": "0"}),
        "busy_by_date": (429, "slow down", {"retry-after": formatdate(time() + HOUR, usegmt=True), "date": formatdate(time() + HOUR, usegmt=True)}),
        "error_500": (500, "internal error", {}),
        "error_503": (503, "no worker is free", {}),
        "refuses_format": (400, "response_format is not supported by this server", {}),
        "refuses_seed": (400, "Unsupported parameter: 'seed'", {}),
        "too_long": (400, "This model's maximum context length is 8192 tokens", {}),
        "wrong_model": (404, f"The model `{body.get('model')}` does not exist", {}),
        "error_200": (200, "the engine died", {}),
    }
    if answer.fault in says:
        status, words, headers = says[answer.fault]
        return JSONResponse({"error": {"message": words, "type": "server_error"}}, status, headers)
    if answer.fault == "html":
        return Response("<!DOCTYPE html><html><body>Welcome to\x1b[31m nginx!</body></html>", media_type="text/html")
    if answer.fault == "redirect":
        return Response(status_code=307, headers={"location": answer.location})
    if answer.fault == "compressed":
        return Response(gzip.compress(b" " * 10_000_000), media_type=STREAM, headers={"content-encoding": "gzip"})
    if answer.fault == "nothing":
        return Response(b"", media_type=STREAM)
    return None


def whole(body: dict[str, Any], text: str, answer: Answer) -> Response:
    """The answer as one object."""
    kept, ended = _fitting(body, text, answer)
    message = {"role": "assistant", "content": None if answer.fault in ("null_content", "refusal") else "".join(kept)}
    if answer.fault == "refusal":
        message["refusal"] = "I cannot help with that."
    made = {"id": "1", "object": "chat.completion", "created": 0, "model": body.get("model")}
    choices: Any = [{"index": 0, "message": message, "finish_reason": ended}]
    if answer.fault in ("no_choices", "wrong_types"):
        choices = [] if answer.fault == "no_choices" else {"a": 1}
    counted = {} if answer.fault == "no_usage" else {"usage": usage(body, len(kept))}
    return JSONResponse({**made, "choices": choices, **counted})


def stream(body: dict[str, Any], text: str, answer: Answer, transport: asyncio.Transport | None) -> Response:
    """The answer as a stream of chunks."""
    return StreamingResponse(_streamed(body, text, answer, transport), media_type=STREAM)


def reset(transport: asyncio.Transport | None, *, hard: bool = True) -> None:
    """Close the connection under the client's feet; hard: by RST."""
    if transport is not None:
        if hard:
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()


async def _streamed(body: dict[str, Any], text: str, answer: Answer, transport: asyncio.Transport | None) -> AsyncIterator[bytes]:
    if answer.fault in ("huge", "huge_line"):
        async for piece in _endless(answer.fault):
            yield piece
        return
    kept, ended = _fitting(body, text, answer)
    events = [*_events(body, kept, ended, answer)]
    middle = len(events) // 2
    for number, event in enumerate(events):
        if number == middle and answer.fault in MIDWAY:
            yield {
                "bad_utf8": b'data: {"choices": [{"index": 0, "delta": {"content": "\xff\xc3"}}]}\n\n',
                "error_midway": _line({"error": {"message": "the engine died"}}),
            }.get(answer.fault, event[: len(event) // 2])
            if answer.fault in ("cut_stream", "reset_midway"):
                await asyncio.sleep(0.01)  # let it arrive
                reset(transport, hard=answer.fault == "reset_midway")
                return
        if answer.fault == "slow_tokens":
            await asyncio.sleep(answer.seconds)
        if answer.fault == "split_utf8":
            for byte in event:
                yield bytes([byte])
                await asyncio.sleep(0)
        else:
            yield event


async def _endless(fault: str) -> AsyncIterator[bytes]:
    filler = "x" * 60_000
    sent = 0
    yield b"data: " if fault == "huge_line" else _line({"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]})
    while sent < HUGE:
        yield filler.encode() if fault == "huge_line" else _line({"choices": [{"index": 0, "delta": {"content": filler}}]})
        sent += len(filler)
        await asyncio.sleep(0)


def _events(body: dict[str, Any], kept: list[str], ended: str, answer: Answer) -> Iterator[bytes]:
    shell = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": body.get("model")}
    counts = answer.fault != "no_usage" and (body.get("stream_options") or {}).get("include_usage")
    if answer.fault not in ("no_choices", "wrong_types"):
        yield _line({**shell, "choices": [{"index": 0, "delta": {"role": "assistant", "content": None}, "finish_reason": None}]})
        deltas = [{"refusal": "I cannot help with that."}] if answer.fault == "refusal" else [{"content": piece} for piece in kept]
        for delta in deltas:
            yield _line({**shell, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}, ascii_only=answer.fault != "split_utf8")
        if answer.fault != "cut_cleanly":
            yield _line({**shell, "choices": [{"index": 0, "delta": {}, "finish_reason": ended}]})
    elif answer.fault == "wrong_types":
        yield _line({**shell, "choices": {"a": 1}})
        yield _line({**shell, "choices": [{"index": 0, "delta": {"content": 5}}]})
    if counts:
        yield _line({**shell, "choices": [], "usage": usage(body, len(kept))})
    if answer.fault != "cut_cleanly":
        yield b"data: [DONE]\n\n"


def _fitting(body: dict[str, Any], text: str, answer: Answer) -> tuple[list[str], str]:
    """As much of the text as max_tokens allows."""
    pieces = tokens(texts(text, answer.fault))
    most = body.get("max_tokens") or body.get("max_completion_tokens") or len(pieces)
    if answer.fault == "ignores_limit":
        most = len(pieces)
    if answer.fault == "length":
        most = min(most, max(1, len(pieces) // 2))
    return pieces[:most], "length" if len(pieces) > most or answer.fault == "length" else "stop"


def _line(value: Any, *, ascii_only: bool = True) -> bytes:
    return f"data: {json.dumps(value, ensure_ascii=ascii_only)}\n\n".encode()
