"""Asks one endpoint: cache, budget, retries, and the way from what came back to an answer."""

from collections.abc import Callable
from pathlib import Path

from .asking import Ask, Reply
from .budget import Budget
from .endpoints import Endpoint

Heard = Callable[[str], None]
Stop = Callable[[], bool]


class Gateway:
    """One endpoint, asked within one budget."""

    def __init__(self, endpoint: Endpoint, *, budget: Budget, cache: Path | None = None) -> None:
        self.endpoint, self.budget, self.cache = endpoint, budget, cache

    def ask(self, ask: Ask, *, heard: Heard | None = None, cancelled: Stop | None = None) -> Reply:
        """Give the answer, or raise one of `errors`. `heard` is told each piece of text as it comes; `cancelled` is asked ten times a second."""
        raise NotImplementedError
