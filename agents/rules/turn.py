"""A turn of phrase: how something may be said, and how it is said plainly."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Turn:
    """A turn of phrase and how it is said plainly; `{name}` stands for what a group found."""

    said: re.Pattern[str]
    plain: str


def turn(said: str, plain: str) -> Turn:
    return Turn(re.compile(said), plain)
