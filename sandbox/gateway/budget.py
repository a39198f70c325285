"""What asking models may cost: a hard stop in tokens, in money, or in both."""

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock

from .asking import Message
from .errors import Spent

BYTES_PER_TOKEN = 3  # English has four, other scripts two to three: an estimate that is rather too high
PER_MESSAGE = 16  # what a chat template puts around each message
PER_CALL = 64  # and around all of them
MILLION = 1_000_000


@dataclass(frozen=True)
class Price:
    """Money per million tokens."""

    into: float = 0.0
    out: float = 0.0

    def of(self, tokens_in: int, tokens_out: int) -> float:
        return (tokens_in * self.into + tokens_out * self.out) / MILLION


FREE = Price()


@dataclass(frozen=True)
class Reserved:
    """The worst that one call can cost, held back until it is known what it did cost."""

    tokens: int
    money: float
    price: Price


class Budget:
    """Holds back the worst case before every call, so that calls at the same time, retries and broken calls cannot go over it together.

    A token has at least one byte, so a prompt has no more tokens than bytes, and a reply no more than it was allowed. A server that
    reports more than that is believed, and nothing is asked after it.
    """

    def __init__(self, tokens: int | None = None, money: float | None = None) -> None:
        self.tokens, self.money = tokens, money
        self.spent_tokens, self.spent_money = 0, 0.0
        self.calls, self.estimated_calls = 0, 0
        self._held_tokens, self._held_money = 0, 0.0
        self._lock = Lock()

    def reserve(self, tokens_in: int, tokens_out: int, price: Price = FREE) -> Reserved:
        """Hold back the worst case; `Spent` where it does not fit."""
        wanted = Reserved(tokens_in + tokens_out, price.of(tokens_in, tokens_out), price)
        with self._lock:
            self._refuse_what_does_not_fit(wanted)
            self._held_tokens += wanted.tokens
            self._held_money += wanted.money
        return wanted

    def settle(self, held: Reserved, tokens_in: int, tokens_out: int, *, estimated: bool = False) -> float:
        """Put what the call did cost in the place of what was held back for it, and give its price."""
        cost = held.price.of(tokens_in, tokens_out)
        with self._lock:
            self._held_tokens -= held.tokens
            self._held_money -= held.money
            self.spent_tokens += tokens_in + tokens_out
            self.spent_money += cost
            self.calls += 1
            self.estimated_calls += estimated
        return cost

    def _refuse_what_does_not_fit(self, wanted: Reserved) -> None:
        if self.tokens is not None and (taken := self.spent_tokens + self._held_tokens) + wanted.tokens > self.tokens:
            raise Spent(f"the budget of {self.tokens:,} tokens has {max(0, self.tokens - taken):,} left, and this call may take {wanted.tokens:,}")
        if self.money is not None and (paid := self.spent_money + self._held_money) + wanted.money > self.money:
            raise Spent(f"the budget of {self.money:g} has {max(0.0, self.money - paid):.4g} left, and this call may cost {wanted.money:.4g}")


def most_tokens_of(messages: Iterable[Message]) -> int:
    """More than a prompt can have: one token a byte, and what a template adds."""
    return PER_CALL + sum(PER_MESSAGE + len(message.content.encode()) for message in messages)


def tokens_of(messages: Iterable[Message]) -> int:
    """About how many tokens a prompt has, for servers that do not say it."""
    return sum(PER_MESSAGE + about(message.content) for message in messages)


def about(text: str) -> int:
    """About how many tokens a text has."""
    return -(-len(text.encode()) // BYTES_PER_TOKEN)
