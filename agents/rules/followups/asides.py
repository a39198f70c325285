"""Takes a message apart: into an order and the rest, and into parts that change different things."""

import re
from collections.abc import Iterator
from dataclasses import replace

from agents.turns import Situation, Turn

from ..clauses import atoms_of, hide
from .orders import order_of

_CUT = re.compile(r"\s*(?:[.;!]\s+|\n+|,\s*(?:and\s+then\s+|and\s+|then\s+|but\s+)?|\s+(?:and\s+then|and|then|but|plus)\s+|\s+[-–—&+]\s+)", re.I)
_MEANT = re.compile(r"(?:no|wait|oops|sorry|nah)[ ,]+(?:wait[ ,]+|no[ ,]+)*(?:i meant|i mean)[ ,:]+(?=\S+\s+\S)", re.I)  # the last wish was another
FIRST = ("undo", "redo", "save", "approve")  # orders that are done before the rest of a message is read


def order_first(message: str, situation: Situation) -> Turn | None:
    """`undo that and only keep 500`, `save it as x, then run`: the order, with the rest as `then`."""
    meant = _MEANT.match(message)
    if meant and situation.recipe is not None:
        return Turn(kind="order", order="undo", then=message[meant.end() :].strip(), counts=False)
    for head, rest in cuts(message):
        found = order_of(head, situation)
        if found is None or found.kind != "order":
            continue
        follows = order_of(rest, situation) or order_first(rest, situation)
        if found.order in FIRST or (follows is not None and follows.kind == "order" and found.order != "quit"):
            return replace(found, then=rest)
    return None


def without_run(message: str, situation: Situation) -> tuple[str, str]:
    """A message less an order to run that stands at its end, or its beginning, and that order."""
    for head, rest in reversed(list(cuts(message))):
        if _runs(rest, situation):
            return head, rest
    for head, rest in cuts(message):
        if _runs(head, situation):
            return rest, head
    return message, ""


def cuts(message: str) -> Iterator[tuple[str, str]]:
    """Each way to cut a message in two between words that are not quoted."""
    hidden = hide(message, atoms_of(message))
    for match in _CUT.finditer(hidden):
        head, rest = message[: match.start()].strip(), message[match.end() :].strip()
        if head and rest:
            yield head, rest


def parts(message: str) -> list[str]:
    """All pieces of a message."""
    hidden = hide(message, atoms_of(message))
    found, start = [], 0
    for match in _CUT.finditer(hidden):
        found.append(message[start : match.start()])
        start = match.end()
    found.append(message[start:])
    return [piece.strip() for piece in found if piece.strip()]


def _runs(text: str, situation: Situation) -> bool:
    found = order_of(text, situation)
    return found is not None and found.order == "run"
