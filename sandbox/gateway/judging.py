"""Decides whether what a model said is an answer: complete, no refusal, not empty, and an object where one was asked."""

from . import objects
from .asking import Ask, Mode, Reply
from .endpoints import Endpoint
from .errors import Unreadable
from .redact import Redactor
from .trying import Counted


def answer(endpoint: Endpoint, ask: Ask, mode: Mode, counted: Counted) -> Reply:
    """The reply, or Unreadable with the words that came."""
    said = counted.said
    if why := _no_answer(ask, counted):
        raise _unreadable(endpoint, why, said.refusal or said.text)
    read = None if ask.schema is None else objects.read(said.text)
    if ask.schema is not None and read is None:
        raise _unreadable(endpoint, "no JSON object is in what it said; ask again with this error, or choose a larger model", said.text)
    data, mended = read or (None, False)
    return Reply(said.text, data, counted.tokens_in, counted.tokens_out, cost=counted.cost, mode=mode, mended=mended, estimated=counted.estimated)


def _no_answer(ask: Ask, counted: Counted) -> str:
    said = counted.said
    if said.refusal or said.ended == "content_filter":
        return "the model refuses to answer; ask for something else"
    if said.ended == "length":
        return f"cut at the limit of {ask.most_tokens:,} tokens; raise most_reply_tokens, or ask for less"
    if not objects.without_thoughts(said.text).strip():
        return "nothing came; a model that thinks may need a larger most_reply_tokens"
    return ""


def _unreadable(endpoint: Endpoint, why: str, text: str) -> Unreadable:
    came = f" What came: {Redactor().shown(text)}" if text else ""
    return Unreadable(f"{endpoint.called}: {why}.{came}", text)
