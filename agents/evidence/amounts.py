"""How many rows of what: the readers of numbers, groups and parts, in the order in which they are asked."""

import re

from .counting import numbered, tails
from .findings import Check, Claim, Finding
from .ground import Ground
from .groups import grouped
from .parts import TOGETHER, apart, mixed, no_part, parted
from .said import Said

_SEED = re.compile(r"[\s,;(]*\b(?:with |use |using )?(?:the )?(?:random )?seed\s*(?:=|is|of|:)?\s*\d+\)?")


def read(said: Said) -> list[Check]:
    """`500 rows at random`, `10%`, `five rows per template`, `balanced`, `80/20`."""
    found: list[Check] = [Claim(match.start(), match.end(), _seeded) for match in _SEED.finditer(said.lower)]
    lower = re.sub(rf"{_SEED.pattern}|\btemperature (?:of )?\d+", lambda match: " " * len(match[0]), said.lower)
    if TOGETHER.search(lower):
        return [*found, *apart(said)]
    if re.search(r"\bwords?\b[^.;]*\b(?:total|budget)|\bbudget\b|\boverlap\b|\btokens?\b|\bcluster\w*|\bcolumn\b(?! group)", lower):
        return found
    return [
        *found,
        *(no_part(said, lower) or mixed(said, lower) or tails(said, lower) or parted(said, lower) or grouped(said, lower) or numbered(said, lower)),
    ]


def _seeded(_: Ground) -> Finding:
    return Finding("holds", "a seed leaves no trace in the rows")
