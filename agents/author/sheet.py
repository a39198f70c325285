"""The first step: what an operator is to be, by examples."""

import keyword
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from agents.llm import portable
from agents.llm.answers import Fault, Unfit
from agents.llm.quoting import plain

KINDS = ("Bounded", "Measure", "Rewrite", "Expand")
TYPES = {"int": (int,), "float": (int, float), "bool": (bool,), "str": (str,)}
LEAST, MOST = 3, 8  # examples
MOST_TEXT = 2000
NAME = re.compile(r"[A-Z][A-Za-z0-9]{2,39}")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What was agreed before any code was written."""

    name: str
    kind: str
    column: str
    type: str
    what: str
    examples: tuple[tuple[str, Any], ...]
    bounds: Mapping[str, float]

    @property
    def added(self) -> str:
        """The column or measure that it gives."""
        return "text" if self.kind in ("Rewrite", "Expand") else snake(self.name)


def schema() -> portable.Schema:
    value = portable.any_of([portable.TEXT, portable.NUMBER, portable.FLAG, portable.TEXTS])
    bound = portable.any_of([portable.NUMBER, portable.NULL])
    example = portable.closed({"given": portable.TEXT, "gives": value})
    keys = {"name": portable.TEXT, "kind": portable.one_of(KINDS), "column": portable.TEXT, "type": portable.one_of(TYPES), "what": portable.TEXT}
    return portable.closed({**keys, "examples": portable.listed(example), "at_least": bound, "at_most": bound})


def read(data: Mapping[str, Any], columns: Collection[str], taken: Collection[str]) -> Sheet:
    """Raises Unfit with all that will not do."""
    faults = list(_faults(data, columns, taken))
    if faults:
        raise Unfit(*faults)
    return Sheet(
        name=data["name"],
        kind=data["kind"],
        column=data["column"],
        type=data["type"],
        what=plain(data["what"], 200),
        examples=tuple((one["given"], one["gives"]) for one in data["examples"]),
        bounds={key: data[key] for key in ("at_least", "at_most") if data["kind"] == "Bounded" and data.get(key) is not None},
    )


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _faults(data: Mapping[str, Any], columns: Collection[str], taken: Collection[str]) -> "list[Fault]":
    name, kind, given = data.get("name"), data.get("kind"), data.get("type")
    found = []
    if not isinstance(name, str) or not NAME.fullmatch(name) or keyword.iskeyword(snake(name)):
        found.append(Fault("name", f"{str(name)[:60]!r} is no class name", "CamelCase, 3 to 40 letters and digits"))
    elif snake(name) in taken:
        found.append(Fault("name", f"{name!r} is an operator that there is already", "another name"))
    if kind not in KINDS:
        found.append(Fault("kind", f"{str(kind)[:40]!r}", ", ".join(KINDS)))
    if data.get("column") not in columns:
        found.append(Fault("column", f"there is no column {str(data.get('column'))[:60]!r}", ", ".join(columns)[:300]))
    if given not in TYPES or (kind == "Bounded" and given not in ("int", "float")) or (kind in ("Rewrite", "Expand") and given != "str"):
        found.append(Fault("type", f"{str(given)[:40]!r} does not go with {kind}", "int or float for Bounded, str for Rewrite and Expand"))
    if not isinstance(data.get("what"), str) or not data["what"].strip():
        found.append(Fault("what", "is empty", "one sentence"))
    examples = data.get("examples")
    if not isinstance(examples, list) or not LEAST <= len(examples) <= MOST:
        return [*found, Fault("examples", "there are too few or too many", f"{LEAST} to {MOST}")]
    return [*found, *(fault for place, one in enumerate(examples) for fault in _of_example(place, one, kind, given)), *_sameness(examples)]


def _of_example(place: int, one: Any, kind: Any, type: Any) -> "list[Fault]":
    if not isinstance(one, dict) or not isinstance(one.get("given"), str) or len(one["given"]) > MOST_TEXT:
        return [Fault(f"examples[{place}].given", "is no short text")]
    gives = one.get("gives")
    if kind == "Expand":
        fits = isinstance(gives, list) and all(isinstance(text, str) for text in gives)
        return [] if fits else [Fault(f"examples[{place}].gives", "is no list of texts")]
    wanted = TYPES.get(type, ())
    fits = isinstance(gives, wanted) and (bool in wanted or not isinstance(gives, bool))
    return [] if fits else [Fault(f"examples[{place}].gives", f"{str(gives)[:60]!r} is no {type}")]


def _sameness(examples: list[Any]) -> "list[Fault]":
    """Examples of which one would do say nothing."""
    given = [one.get("given") for one in examples if isinstance(one, dict)]
    found = [Fault("examples", "two have the same `given`")] if len(set(map(str, given))) < len(given) else []
    gives = {str(one.get("gives")) for one in examples if isinstance(one, dict)}
    return found + ([Fault("examples", "all give the same: show one that gives something else")] if len(gives) < 2 else [])
