"""Asks one model: what was answered before, else in the strongest mode in which it can be held to a schema."""

import json
import time
from dataclasses import asdict, replace
from pathlib import Path
from threading import Lock
from typing import Any

from pydantic import TypeAdapter, ValidationError

from .asking import Ask, Message, Mode, Reply
from .budget import Budget
from .endpoints import Endpoint
from .errors import Rejected
from .fields import is_too_long, with_schema
from .judging import answer
from .kept import Kept, digest
from .probe import NOT_KNOWN, WEAKER, probe
from .saying import Call, Heard, Speaker, Stop
from .trying import USUAL, Patience, Trying


class Gateway:
    """One model, asked within one budget; by several threads at once if need be.

    Nothing is asked that could go over the budget, and nothing is asked twice: the same words, schema and parameters at the same model
    are answered from `cache`, a folder; without one nothing is kept. Failures are never kept.
    """

    def __init__(self, endpoint: Endpoint, *, budget: Budget, cache: Path | None = None, patience: Patience = USUAL) -> None:
        self.endpoint, self.budget = endpoint, budget
        self._trying = Trying(endpoint, _speaker(endpoint), budget, patience)
        self._kept = Kept(cache)
        self._mode: Mode | None = None
        self._lock = Lock()

    def ask(self, ask: Ask, *, heard: Heard | None = None, cancelled: Stop | None = None) -> Reply:
        """Give the answer, or raise one of `errors`. `heard` is told each piece as it comes; `cancelled` is asked many times a second."""
        started = time.monotonic()
        ask = _sendable(ask, self.endpoint)
        call = Call(self._trying.until(), heard, cancelled)
        mode = "prompt" if ask.schema is None else self._found_mode(call)
        name = self._name(ask, mode)
        if (kept := _reply(self._kept.get(name))) is not None:
            if heard is not None:
                heard(kept.text)
            return kept
        reply = replace(self._answer(ask, mode, call), seconds=time.monotonic() - started)
        self._kept.put(name, asdict(reply))
        return reply

    def mode(self, *, cancelled: Stop | None = None) -> Mode:
        """How this model is held to a schema: found out once by asking it, then kept in the cache."""
        return self._found_mode(Call(self._trying.until(), None, cancelled))

    def _found_mode(self, call: Call) -> Mode:
        if self.endpoint.folder is not None:
            return "grammar"
        with self._lock:
            if self._mode is None:
                self._mode = self._probed(replace(call, heard=None))
            return self._mode

    def _probed(self, call: Call) -> Mode:
        name = digest({"probe": self.endpoint.url, "model": self.endpoint.model})
        kept = (self._kept.get(name) or {}).get("mode")
        for known in (*WEAKER, *WEAKER.values()):
            if kept == known:
                return known
        mode, is_sure = probe(lambda ask, mode: self._trying.say(ask, mode, call).said)
        if is_sure:
            self._kept.put(name, {"mode": mode, "url": self.endpoint.url, "model": self.endpoint.model})
        return mode

    def _answer(self, ask: Ask, mode: Mode, call: Call) -> Reply:
        """Ask in this mode, or in the next weaker one where the server refuses this very schema."""
        told = replace(ask, messages=with_schema(ask))
        try:
            return answer(self.endpoint, ask, mode, self._trying.say(told, mode, call))
        except Rejected as error:
            if ask.schema is None or mode not in WEAKER or error.status not in NOT_KNOWN or is_too_long(error.said):
                raise
        return self._answer(ask, WEAKER[mode], call)

    def _name(self, ask: Ask, mode: Mode) -> str:
        place = {"url": self.endpoint.url, "model": self.endpoint.model, "folder": _stamp(self.endpoint.folder)}
        return digest({"place": place, "mode": mode, "ask": asdict(replace(ask, schema=None)), "schema": ask.schema})


def _speaker(endpoint: Endpoint) -> Speaker:
    if endpoint.folder is not None:
        from .local import Local

        return Local(endpoint)
    from .online import Online

    return Online(endpoint)


def _sendable(ask: Ask, endpoint: Endpoint) -> Ask:
    """Within the endpoint's limit, in UTF-8, with a schema of dicts all the way down."""
    messages = tuple(Message(one.role, one.content.encode("utf-8", "replace").decode()) for one in ask.messages)
    schema = json.loads(json.dumps(ask.schema, default=dict))
    return replace(ask, messages=messages, schema=schema, most_tokens=min(ask.most_tokens, endpoint.most_reply_tokens))


def _reply(kept: dict[str, Any] | None) -> Reply | None:
    """A kept reply, which costs nothing now; None where the file is of another make."""
    try:
        return None if kept is None else replace(TypeAdapter(Reply).validate_python(kept), cost=0.0, seconds=0.0, cached=True)
    except ValidationError:
        return None


def _stamp(folder: Path | None) -> list[tuple[str, int, int]] | None:
    """What lies in a folder of weights, by name, size and time: other weights are another model."""
    if folder is None:
        return None
    seen = [(path, path.stat()) for path in sorted(folder.iterdir()) if path.is_file()] if folder.is_dir() else []
    return [(str(folder.resolve()), 0, 0), *((path.name, stat.st_size, stat.st_mtime_ns) for path, stat in seen)]
