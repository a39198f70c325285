"""Reads where the rows go that a filter does not let through: into a second file, where the goal says so."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from . import alternatives
from .clauses import Phrase
from .wishes import SPLIT, Scene, Wish

_OTHERS = (
    r"(?:the rest|the remain\w+(?: \w+)?|(?:all )?(?:the )?others?(?: \w+)?|everything else|all (?:the )?(?:rest|else)|"
    r"what(?:ever)? is left|the (?:dropped|rejected|removed|failing|filtered) \w+)"
)
_PLACE = r"(?:an?other|a second|the second|an? (?:separate|extra|additional|own|different)|its own|a file of (?:its|their) own)"
_SECOND = re.compile(
    rf"\b{_OTHERS}\b[^.;]{{0,40}}\b(?:in|to|into)\s+{_PLACE}\b(?:\s+(?:one|file|output|set))?"
    rf"|\b{_PLACE}\s+(?:file|output|set)\b[^.;]{{0,30}}\b(?:for|with|holds?|contains?|gets?)\s+(?:all )?{_OTHERS}\b"
)


def second_file(goal: str) -> re.Match[str] | None:
    """Where the goal sends the other rows to a file of their own."""
    return _SECOND.search(goal.lower())


def says_where(phrase: Phrase) -> bool:
    """Whether a clause only sends the others to their file."""
    return bool(re.match(rf"(?:please |and |write |save |put |send |move |keep |store |with )*(?:{_OTHERS}|{_PLACE} )", phrase.lower)) and bool(
        _SECOND.search(phrase.lower)
    )


def forked(wishes: Sequence[Wish], scene: Scene) -> list[Wish] | None:
    """The wishes of the clause that tells the rows apart, as one last step with two ports; none where they are no filters."""
    filters = [wish for wish in wishes if wish.filters]
    if not filters or len(filters) != len(wishes):
        return None
    one = list(wishes) if len(wishes) == 1 else alternatives.either(wishes, scene, "and")
    return [replace(wish, stage=SPLIT) for wish in one] if one else None


def other_port(edge: str) -> str:
    """The port that the other rows leave by."""
    return edge.removesuffix(".dropped") if edge.endswith(".dropped") else f"{edge}.dropped"


def beside(path: str, word: str = "rest") -> str:
    """`out.rest.jsonl` beside `out.jsonl`, and `out.rest/` beside `out/`."""
    if path.endswith("/"):
        return f"{beside(path.rstrip('/'), word)}/"
    place = Path(path)
    ends = "".join(place.suffixes[-2:] if place.suffix in (".gz", ".zst", ".bz2", ".xz") else place.suffixes[-1:])
    return str(place.with_name(f"{place.name.removesuffix(ends)}.{word}{ends}"))
