"""Lists that a message makes longer or shorter: languages, kinds of personal data, values of a column."""

import re
from collections.abc import Mapping

from tools.cards import summaries
from workflows.edits import Edit, Remove, Set
from workflows.recipe import Step

from .outcome import Change, Doubt, Now, port_of

MEMBERS: Mapping[str, tuple[str, ...]] = {
    "language": ("languages",), "script": ("scripts",), "mask_pii": ("types",), "pii_count": ("types",), "select_columns": ("columns",),
    "drop_columns": ("columns",), "last_character": ("kinds",), "url_domain": ("domains",), "contains_words": ("words",),
    "starts_with": ("beginnings",),
}  # fmt: skip
_ONLY = re.compile(r"\b(?:only|just|nothing but|exclusively|instead|rather than|nothing else)\b")
_MORE = re.compile(r"\b(?:also|too|as well|add|plus|and|additionally|in addition|additional|include|allow|other)\b")
OPEN = ("language", "script", "select_columns")  # a list that lets rows or columns through: one more keeps more


def says_only(text: str) -> bool:
    """Whether a message takes the place of what was said: `only German`."""
    return _ONLY.search(text.lower()) is not None


def says_more(text: str) -> bool:
    """Whether it comes on top: `German too`."""
    return _MORE.search(text.lower()) is not None


def extended(step: Step, other: Step, text: str, now: Now) -> tuple[list[Edit] | Doubt, list[str]]:
    """The list of a step with what the message names; in its place where the message says `only`."""
    op = step.op.partition("@")[0]
    key = MEMBERS[op][0]
    have, named = listed(other, key), listed(step, key)
    if set(named) <= set(have) and not (says_only(text) and set(named) != set(have)):
        return [], []
    is_only = says_only(text)
    if not is_only and op in OPEN and port_of(other.id, now.recipe) == "kept" and not says_more(text):
        return Doubt(
            f"{other.id} keeps {', '.join(have)} alone, and a row cannot be in two languages"
            if op == "language"
            else f"{other.id} has {', '.join(have)}",
            (f"{text.strip(' .')} too", f"{text.strip(' .')} instead"),
        ), []
    value = named if is_only else [*have, *(one for one in named if one not in have)]
    return [Set(step=other.id, key=f"with.{key}", value=value)], [f"{other.id}.{key} {shown(have)} → {shown(value)}"]


def shortened(step: Step, key: str, gone: list[str]) -> Change | Doubt | None:
    """The list without some; without any it lets nothing through, so the step goes."""
    have = listed(step, key)
    rest = [one for one in have if one not in gone]
    if len(rest) == len(have):
        return None
    if not rest and step.op.partition("@")[0] in OPEN:
        return Doubt(f"{step.id} keeps {shown(have)} alone: no row would be left", (f"remove {step.id}",))
    if not rest:
        return Change((Remove(step=step.id),), f"removed {step.id}: it did nothing but {', '.join(have)}", (step.id,))
    return Change((Set(step=step.id, key=f"with.{key}", value=rest),), f"{step.id}.{key} {shown(have)} → {shown(rest)}", (step.id,))


def listed(step: Step, key: str) -> list[str]:
    """A list that the recipe writes, else the operator's own."""
    value = step.params.get(key)
    if value is None:
        value = summaries()[step.op.partition("@")[0]].params.get(key, {}).get("default")
    return [str(one) for one in value] if isinstance(value, list) else []


def shown(values: list[str]) -> str:
    return ", ".join(values) or "none"
