"""What stands between the gateway and whatever speaks for a model: a server or weights on this machine."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from .asking import Ask, Mode
from .errors import Cancelled, Rejected

Heard = Callable[[str], None]
Stop = Callable[[], bool]
NAP = 0.05


@dataclass(frozen=True)
class Said:
    """What a model said, unjudged. `ended` is the server's finish_reason; tokens are None where it did not count."""

    text: str
    ended: str | None = None
    refusal: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None


@dataclass
class Call:
    """One try of one question: who listens, until when, and what of it has happened."""

    until: float  # time.monotonic()
    heard: Heard | None = None
    cancelled: Stop | None = None
    was_sent: bool = False
    pieces: list[str] = field(default_factory=list)

    def take(self, piece: str) -> None:
        self.pieces.append(piece)
        if self.heard is not None:
            self.heard(piece)

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.until

    def stop_if_cancelled(self) -> None:
        if self.cancelled is not None and self.cancelled():
            raise Cancelled("whoever asked wants no answer any more")

    def pause(self, seconds: float) -> None:
        """Sleep, but not through a cancellation."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.stop_if_cancelled()
            time.sleep(min(NAP, left))


class Speaker(Protocol):
    """Says one answer, or raises one of `errors`."""

    def say(self, ask: Ask, mode: Mode, call: Call) -> Said: ...

    def learn(self, refusal: Rejected) -> bool:
        """Whether the same question may be put again, since something of the request has been left out."""
