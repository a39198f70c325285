"""Asks a model, holds its answer against what must be true of it, and asks it at most twice to mend what is not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from sandbox.gateway import Ask, Budget, Endpoint, Message, Reply
from sandbox.gateway.errors import Unreadable

from .answers import Fault, Unfit
from .prompt import digest, repair
from .quoting import plain

MOST_REPAIRS = 2
MOST_ECHO = 8000  # characters of a bad answer that the model is shown again
Heard = Callable[[str], None]
Stop = Callable[[], bool]
Made = TypeVar("Made")


class Asked(Protocol):
    """The gateway, as far as a planner needs it."""

    endpoint: Endpoint
    budget: Budget

    def ask(self, ask: Ask, *, heard: Heard | None = None, cancelled: Stop | None = None) -> Reply: ...


@dataclass
class Talk:
    """One conversation about one message of a person."""

    gateway: Asked
    seed: int = 0
    heard: Heard | None = None
    cancelled: Stop | None = None
    prompt: str = ""  # digest of the first question
    asked: int = 0
    repairs: int = field(default=MOST_REPAIRS)  # left, for all questions together

    def about(self, messages: tuple[Message, ...], schema: Mapping[str, Any], judge: Callable[[Mapping[str, Any]], Made]) -> Made:
        """What `judge` makes of the answer. Raises Unfit where none of three will do, and what the gateway raises but for unreadable answers."""
        self.prompt = self.prompt or digest(messages, schema)
        while True:
            text = ""
            faults: tuple[Fault, ...]
            try:
                reply = self._ask(messages, schema)
                text = reply.text
                return judge(reply.data or {})
            except Unreadable as error:
                text, faults = error.text, (Fault("answer", plain(str(error), 300), "one JSON object as the schema says"),)
            except Unfit as unfit:
                faults = unfit.faults
            if not self.repairs:
                raise Unfit(*faults)
            self.repairs -= 1
            messages = (*messages, Message("assistant", text[:MOST_ECHO] or "(nothing)"), repair(faults))

    def _ask(self, messages: tuple[Message, ...], schema: Mapping[str, Any]) -> Reply:
        self.asked += 1
        most = self.gateway.endpoint.most_reply_tokens
        return self.gateway.ask(Ask(messages, schema, "plan", most, 0.0, self.seed), heard=self.heard, cancelled=self.cancelled)
