"""From what a server sent to what its model said. Nothing in it is trusted to have the type that the protocol names."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from .budget import BYTES_PER_TOKEN
from .endpoints import Endpoint
from .errors import Busy, GatewayError, Misconfigured, Rejected, TimedOut, Unreachable, Unreadable
from .redact import MOST_SHOWN, Redactor
from .saying import Said

if TYPE_CHECKING:
    import httpx2
    import openai

GARBLED = (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError)
SLACK = 16  # chunks beyond the limit of tokens: the first and the last carry none
BUSY = (408, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529)


def read(response: "httpx2.Response", parse: Callable[[], Any], most_tokens: int, take: Callable[[str], None]) -> Said:
    """Read a stream of chunks, or one object from a server that does not stream."""
    if "event-stream" in response.headers.get("content-type", ""):
        return _read_chunks((chunk.to_dict(warnings=False) for chunk in parse()), most_tokens, take)
    whole = json.loads(response.read())
    said = _read_whole(whole)
    if said.text:
        take(said.text)
    return said


def as_ours(error: Exception, endpoint: Endpoint, redactor: Redactor, head: bytes) -> GatewayError:
    """The error of the tree that says what to do about this one. `head`: the first bytes of the answer."""
    import httpx2
    import openai

    name = endpoint.called
    if isinstance(error, openai.APIStatusError):
        return _of_status(error, endpoint, redactor)
    if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException | TimeoutError):
        return TimedOut(f"{name}: silent for {endpoint.timeout_seconds:g} s; is the server overloaded? timeout_seconds in models.toml waits longer")
    if isinstance(error, openai.APIConnectionError | httpx2.TransportError | OSError):
        why = redactor.shown(str(error.__cause__ or error))
        if "CERTIFICATE" in why:
            return Misconfigured(f"{name}: its certificate is not trusted: {why}; certificates = FILE in models.toml names whom to trust instead")
        cut = f"; until then came {redactor.shown(head.decode('utf-8', 'replace'))}" if head else ""
        return Unreachable(f"{name}: no connection, or it broke: {why}{cut}; is the server running, and is `url` right?")
    if isinstance(error, openai.APIError):  # within a stream that began well
        return Busy(f"{name}: it reports an error in place of an answer: {redactor.shown(error.message)}; try again later")
    came = redactor.shown(head.decode("utf-8", "replace"))
    why = redactor.shown(f"{type(error).__name__}: {error}")
    mend = "does `url` end in /v1?" if "<" in came[:40] else "is it a server of this protocol?"
    return Unreadable(f"{name}: what came is no answer of the OpenAI protocol ({why}): {came}; {mend}")


def _read_chunks(chunks: Iterable[Mapping[str, Any]], most_tokens: int, take: Callable[[str], None]) -> Said:
    text, refusal, ended, usage, length, choices = list[str](), list[str](), None, None, 0, 0
    for seen, chunk in enumerate(chunks):
        usage = chunk.get("usage") or usage
        for choice in _first(chunk.get("choices")):
            choices += 1
            ended = choice.get("finish_reason") or ended
            delta = choice.get("delta") or {}
            refusal.append(_text(delta.get("refusal")))
            if piece := _text(delta.get("content")):
                text.append(piece)
                length += len(piece)
                take(piece.encode("utf-8", "replace").decode())
        if seen > most_tokens + SLACK and length > BYTES_PER_TOKEN * most_tokens:
            raise Unreadable(f"it goes on past the {most_tokens:,} tokens that it was allowed", paired("".join(text)))
    if not choices:
        raise ValueError("a stream without choices")
    return Said(paired("".join(text)), _text(ended) or None, "".join(refusal), *_counted(usage))


def _read_whole(whole: Any) -> Said:
    if isinstance(whole, dict) and whole.get("error"):
        raise Busy(f"it reports an error in place of an answer: {str(whole['error'])[:MOST_SHOWN]}")
    if not isinstance(whole, dict) or not (choices := _first(whole.get("choices"))):
        raise ValueError("no choices")
    message = choices[0].get("message") or {}
    ended = _text(choices[0].get("finish_reason")) or "stop"  # its length is known: it cannot have broken off
    return Said(paired(_text(message.get("content"))), ended, _text(message.get("refusal")), *_counted(whole.get("usage")))


def _first(choices: Any) -> list[Mapping[str, Any]]:
    """We ask for one; whatever else a server adds is not for us."""
    return [choice for choice in choices or () if choice.get("index", 0) == 0][:1]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):  # some servers send parts, thoughts among them
        return "".join(_text(part["text"]) for part in value if part["type"] == "text")
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} in the place of text")
    return value


def paired(text: str) -> str:
    """Escapes such as \\ud83d are halves of characters: two in a row are one, also from two chunks; one alone is none."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _counted(usage: Any) -> tuple[int | None, int | None]:
    """What the server counted; nothing where it did not, or where the numbers cannot be: no prompt has no tokens."""
    if not isinstance(usage, Mapping):
        return None, None
    into, out = usage.get("prompt_tokens"), usage.get("completion_tokens")
    if type(into) is not int or type(out) is not int or into < 1 or out < 0:
        return None, None
    return into, out


def _of_status(error: "openai.APIStatusError", endpoint: Endpoint, redactor: Redactor) -> GatewayError:
    status, came = error.status_code, redactor.shown(error.response.text)
    name = endpoint.called
    if status in BUSY:
        return Busy(f"{name}: overloaded or broken: {status} {came}; try again later", _after(error.response.headers))
    mends = {
        401: f"check the key in ${endpoint.key_env}" if endpoint.key_env else "it wants a key: put key_env = NAME into models.toml",
        403: "this key may not use this model",
        404: f"check `url` and `model` = {endpoint.model!r} in models.toml",
        413: "the question is too long for this server; check context_tokens",
    }
    mend = mends.get(
        status, f"it sends elsewhere, and only {endpoint.host} is asked; correct `url`" if status < 400 else "check the model's name and limits"
    )
    return Rejected(f"{name}: refused: {status} {came}; {mend}", status, redactor.without_keys(error.response.text[:2_000]))


def _after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait by Retry-After. A date is held against the server's own clock: ours may differ from it."""
    asked = headers.get("retry-after", "")
    try:
        if asked.replace(".", "", 1).isdigit():
            return float(asked)
        until, now = parsedate_to_datetime(asked), parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        return None
    return max(0.0, _seconds(until) - _seconds(now))


def _seconds(moment: datetime) -> float:
    return moment.timestamp()
