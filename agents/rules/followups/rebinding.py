"""Reads another column for steps that are there: `use the column body`, `on the title instead`, `dedupe by title`."""

import re
from collections import Counter

from tools.names import nearest
from workflows.edits import Edit, Set
from workflows.recipe import Step

from ..clauses import HIDDEN
from ..columns import nearest as spelled
from .outcome import Change, Doubt, Now
from .said import Said
from .steps import spoken

_NAME = r"(?P<{0}>[\ue000]+|[\w.-]+)"
_COLUMN = r"(?:columns?|fields?|keys?)"
_USE = re.compile(
    rf"(?:use|take|read|look at|work on|apply (?:it|this|that|them|everything) to|switch to|go by|check|try|put (?:it|this|everything) on|"
    rf"run (?:it|this|that|everything) on|do (?:it|this|that|everything) on|measure|count)\s+"
    rf"(?:(?P<col1>(?:the\s+)?{_COLUMN}\s+(?:named\s+|called\s+)?)(?P<name1>[\ue000]+|[\w.-]+)|(?:the\s+)?(?P<name2>[\ue000]+|"
    rf"[\w.-]+)(?P<col2>\s+{_COLUMN})?)"
    rf"(?:,?\s+(?:instead of|not|rather than|and not|in place of)\s+(?:the\s+)?(?:{_COLUMN}\s+)?(?P<old>[\ue000]+|"
    rf"[\w.-]+)(?:\s+{_COLUMN})?)?(?:\s+(?:for|in|with)\s+(?:the\s+)?(?P<for>.+))?"
)
_ON = re.compile(
    rf"(?P<what>.*?)\s*\b(?:on|by|of|over|in|to|from|using)\s+(?:(?:the\s+)?(?P<col1>{_COLUMN}\s+(?:named\s+|called\s+)?)(?P<name1>[\ue000]+|"
    rf"[\w.-]+)|(?:the\s+)?(?P<name2>[\ue000]+|[\w.-]+)(?P<col2>\s+{_COLUMN})?)"
    rf"(?:,?\s+(?:instead of|not|rather than|and not)\s+(?:the\s+)?(?P<old>[\ue000]+|[\w.-]+)(?:\s+{_COLUMN})?)?"
)
_TEXT_IS = re.compile(
    rf"(?:the\s+)?(?P<old>text|content|answers?|right column|column|main text|data)\s+(?:is|are|stands?|lies|sits)\s+(?:in|"
    rf"called|named)\s+(?:the\s+)?(?:{_COLUMN}\s+)?(?P<name>[\ue000]+|[\w.-]+)(?:\s+{_COLUMN})?"
)
_FILL = re.compile(r"\b(?:do|make|run|apply|put|be|should|is|it|that|this|the|work|based|everything|all|must|go|base|them|check|use|let)\b")
_NO_COLUMN = ("it", "that", "this", "them", "words", "rows", "all", "everything", "parquet", "csv", "jsonl")


def read(said: Said, now: Now) -> Change | Doubt | None:
    """Such a message, where it names a column or says that it does."""
    lower = said.lower.strip(" .!?")
    match = _USE.fullmatch(lower)
    if match:
        return _with(match, said, now, match["for"] or "")
    match = _TEXT_IS.fullmatch(lower)
    if match:
        return _rebound(_word(match, "name", said), "", "", True, now)
    match = _ON.fullmatch(lower)
    if (
        match
        and (said.instead or match["old"] or match["col1"] or match["col2"])
        and not re.search(r"\b(?:sort\w*|split|group|order\w*|balanc\w*|per|each|add|new|keep|drop|remove|where)\b", match["what"])
    ):
        return _with(match, said, now, match["what"])
    return None


def _with(match: re.Match[str], said: Said, now: Now, steps: str) -> Change | Doubt | None:
    group = "name1" if match["name1"] else "name2"
    name = _word(match, group, said)
    sure = bool(match["col1"] or match["col2"] or HIDDEN in match[group])
    old = _word(match, "old", said) if match["old"] else ""
    return _rebound(name, old, steps, sure or bool(old and _column(old, now)), now)


def _word(match: re.Match[str], group: str, said: Said) -> str:
    start, end = match.span(group)
    lead = len(said.lower) - len(said.lower.lstrip(" .!?"))
    atom = next((atom for atom in said.phrase.atoms if atom.start <= start + lead < atom.end), None)
    return atom.value if atom else said.text[start + lead : end + lead]


def _rebound(name: str, old: str, steps: str, sure: bool, now: Now) -> Change | Doubt | None:
    column = _column(name, now)
    if column is None:
        if not sure or name.lower() in _NO_COLUMN:
            return None
        return Doubt(f"There is no column {name!r}{nearest(name, now.columns)}; the data has {', '.join(now.columns)}. Which one is meant?")
    bare = " ".join(_FILL.sub(" ", steps).split())
    named = spoken(bare, now.recipe) if bare else []
    if bare and not named:
        return None
    bound = Counter(one for step in (named or now.recipe.steps) for one in columns_of(step) if "." not in one)
    olds = [_column(old, now) or old] if old else _olds(bound, column, now)
    if len(olds) > 1:
        return Doubt(f"steps read {', '.join(olds)}", tuple(f"use {column} instead of {one}" for one in olds[:3]))
    before = olds[0] if olds else ""
    if not before:
        own = [step.id for step in now.recipe.steps if column in columns_of(step)]
        return (
            Change((), f"{', '.join(own)} read{'s' if len(own) == 1 else ''} {column} already", tuple(own))
            if own
            else Doubt(f"no step reads a column that {column!r} could stand in for")
        )
    touched = [step for step in (named or now.recipe.steps) if before in columns_of(step)]
    edits: list[Edit] = [Set(step=step.id, key="on", value=_swapped(step, before, column)) for step in touched]
    if not edits:
        return Doubt(f"no step reads the column {before!r}; they read {', '.join(bound) or 'none by name'}")
    return Change(tuple(edits), f"{', '.join(step.id for step in touched)} on {before} → {column}", tuple(step.id for step in touched))


def _column(name: str, now: Now) -> str | None:
    if name in now.columns:
        return name
    return next(
        (found for table in now.tables.values() if (found := spelled(name, table)) is not None and found.lower() == name.lower().rstrip("s")), None
    ) or next((column for column in now.columns if column.lower() == name.lower()), None)


def _olds(bound: Counter[str], column: str, now: Now) -> list[str]:
    """The columns that most steps read, of the kind of the new one."""
    kinds = {one.name: one.kind for table in now.tables.values() for one in table.columns}
    others = {name: count for name, count in bound.items() if name != column and kinds.get(name, "text") == kinds.get(column, "text")}
    return [name for name, count in others.items() if count == max(others.values())]


def columns_of(step: Step) -> list[str]:
    """All columns that a step binds."""
    on = step.on
    values = [on] if isinstance(on, str) else list(on.values()) if isinstance(on, dict) else list(on or ())
    return [one for value in values for one in ([value] if isinstance(value, str) else value)]


def _swapped(step: Step, before: str, column: str) -> object:
    def one(name: str) -> str:
        return column if name == before else name

    on = step.on
    if isinstance(on, str):
        return one(on)
    if isinstance(on, list):
        return list(dict.fromkeys(map(one, on)))
    return {key: one(value) if isinstance(value, str) else [one(name) for name in value] for key, value in (on or {}).items()}
