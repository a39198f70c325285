"""A turn of phrase: how something may be said, and how it is said plainly."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Phrasing:
    """A turn of phrase and how it is said plainly; `{name}` stands for what a group found."""

    said: re.Pattern[str]
    plain: str


def phrasing(said: str, plain: str) -> Phrasing:
    return Phrasing(re.compile(said), plain)
