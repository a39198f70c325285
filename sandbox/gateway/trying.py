"""Puts one question until something is said: at most as often and as long as patience allows, and every try within the budget."""

import time
from dataclasses import dataclass

from .asking import Ask, Mode
from .budget import Budget, about, most_tokens_of, tokens_of
from .endpoints import Endpoint
from .errors import Busy, GatewayError, Rejected, Unreachable
from .objects import strictly
from .saying import Call, Said, Speaker


@dataclass(frozen=True)
class Patience:
    """How often and how long one question is put."""

    tries: int = 3
    first_wait: float = 0.5  # doubled each time
    most_wait: float = 20.0  # also where a server asks for more
    silences: float = 5.0  # the whole call takes at most this many timeouts of the endpoint


USUAL = Patience()


@dataclass(frozen=True)
class Counted:
    """What was said, and what it took."""

    said: Said
    tokens_in: int
    tokens_out: int
    cost: float
    estimated: bool


class Trying:
    """One speaker, asked within one budget."""

    def __init__(self, endpoint: Endpoint, speaker: Speaker, budget: Budget, patience: Patience) -> None:
        self.endpoint, self.speaker, self.budget, self.patience = endpoint, speaker, budget, patience

    def until(self) -> float:
        """When a call that begins now must be over, with all its tries and all that it finds out first."""
        return time.monotonic() + self.endpoint.timeout_seconds * self.patience.silences

    def say(self, ask: Ask, mode: Mode, call: Call) -> Counted:
        """Busy and broken lines are tried again, unless part of the answer has been shown: it would be shown twice."""
        tries = 0
        while True:
            tries += 1
            try:
                return self._once(ask, mode, call)
            except Rejected as error:
                if not self.speaker.learn(error):
                    raise
            except (Busy, Unreachable) as error:
                if tries >= self.patience.tries or (call.heard is not None and call.pieces):
                    raise _after(tries, error) from None
                self._wait(tries, error, call)

    def _once(self, ask: Ask, mode: Mode, call: Call) -> Counted:
        call.stop_if_cancelled()
        call.was_sent, call.pieces = False, []
        held = self.budget.reserve(most_tokens_of(ask.messages), ask.most_tokens, self.endpoint.price)
        into, out, estimated = tokens_of(ask.messages), ask.most_tokens, True  # what counts where it ends badly
        try:
            said = self.speaker.say(ask, mode, call)
            into, out, estimated = _tokens(ask, said)
        except (Rejected, Busy):
            out = min(about("".join(call.pieces)), ask.most_tokens)
            raise
        finally:
            counts = call.was_sent
            cost = self.budget.settle(held, into if counts else 0, out if counts else 0, estimated=estimated and counts)
        if said.ended is None and (ask.schema is None or strictly(said.text) is None):
            raise Unreachable(f"{self.endpoint.called}: the answer broke off after {len(said.text):,} characters; try again")
        return Counted(said, into, out, cost, estimated)

    def _wait(self, tries: int, error: Busy | Unreachable, call: Call) -> None:
        asked = error.after if isinstance(error, Busy) else None
        wait = min(self.patience.most_wait, self.patience.first_wait * 2 ** (tries - 1) if asked is None else asked)
        if time.monotonic() + wait >= call.until:
            raise _after(tries, error) from None
        call.pause(wait)


def _tokens(ask: Ask, said: Said) -> tuple[int, int, bool]:
    """What the server counted, else our estimate, which is never above what was held back."""
    if said.tokens_in is None or said.tokens_out is None:
        return tokens_of(ask.messages), min(about(said.text), ask.most_tokens), True
    return said.tokens_in, said.tokens_out, False


def _after(tries: int, error: Busy | Unreachable) -> GatewayError:
    if tries == 1:
        return error
    message = f"{error} (asked {tries} times)"
    return Busy(message, error.after) if isinstance(error, Busy) else Unreachable(message)
