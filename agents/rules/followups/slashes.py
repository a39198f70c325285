"""Reads the short forms `/show`, `/diff`, `/undo`, `/run` and the like, with what stands behind them."""

import re
from collections.abc import Mapping

from agents.turns import Order, Situation, Turn
from tools.names import nearest

from .steps import spoken

FORMS: Mapping[str, Order] = {
    "run": "run", "go": "run", "undo": "undo", "u": "undo", "back": "undo", "redo": "redo", "show": "show", "s": "show", "why": "why", "diff": "diff",
    "d": "diff", "compare": "compare", "save": "save", "approve": "approve", "history": "history", "log": "history", "help": "help", "h": "help",
    "?": "help", "quit": "quit", "exit": "quit", "q": "quit",
}  # fmt: skip
_FORM = re.compile(r"/(?P<name>[a-z?]+)(?:\s+(?P<rest>.*))?", re.S | re.I)
_ROW = re.compile(r"(?:row\s+|line\s+|number\s+|#)*(?P<row>\S.*)", re.I)


def slash(message: str, situation: Situation) -> Turn | None:
    """The order of a short form."""
    match = _FORM.fullmatch(message.strip())
    if match is None:
        return None
    name, rest = match["name"].lower(), (match["rest"] or "").strip()
    if name not in FORMS:
        return None
    order = FORMS[name]
    return Turn(kind="order", order=order, of=_of(order, rest, situation), counts=False)


def unknown(message: str) -> Turn | None:
    """What is told of a short form that there is not."""
    match = _FORM.fullmatch(message.strip())
    if match is None or match["name"].lower() in FORMS:
        return None
    known = [f"/{one}" for one in FORMS if len(one) > 1]
    return Turn(kind="tell", message=f"no order /{match['name']}{nearest('/' + match['name'], known)}; there are {', '.join(known)}", counts=False)


def slugged(name: str) -> str:
    """A name that a recipe can have."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:64]


def _of(order: Order, rest: str, situation: Situation) -> str:
    if order == "why":
        match = _ROW.fullmatch(rest)
        return match["row"].strip(" '\"") if match else ""
    if order == "save":
        return slugged(rest.removeprefix("as "))
    if order in ("show", "undo") and rest and situation.recipe is not None and not rest.isdigit():
        steps = spoken(rest.lower().removeprefix("step "), situation.recipe)
        return steps[0].id if len(steps) == 1 else rest
    return rest.removeprefix("version ").removeprefix("v") if order in ("diff", "compare") and re.fullmatch(r"(?:version )?v?\d+", rest) else rest
