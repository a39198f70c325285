"""How two data sets side by side look to a person."""

from collections.abc import Mapping
from os.path import relpath
from typing import TYPE_CHECKING

from .render import number, plain, put, say, table

if TYPE_CHECKING:
    from workflows.compare import Column, Compared, Side

LIKELY = 0.01
NAMES = {
    "words": "words",
    "distinct_1": "different words, share of all",
    "distinct_2": "different pairs of words",
    "distinct_3": "different triples of words",
    "word_entropy": "entropy of words, bits",
    "pair_entropy": "entropy of pairs, bits",
    "vendi": "Vendi score",
    "compression": "compression, times",
}
SHARED = {"exact": "rows that the other has, word for word", "near": "nearly all of it in the other", "overlapping": "some of it in the other"}


def show(found: "Compared") -> None:
    """One table of both, one of their columns, and what it comes to in words."""
    sides = found.a, found.b
    rows: list[tuple[object, ...]] = [("data set", *(relpath(side.path) for side in sides)), ("rows", *(side.rows for side in sides))]
    if found.a.text is not None:
        rows.append(("texts", *(side.text for side in sides)))
        rows += [(SHARED[name], *(_of(side, name) for side in sides)) for name in SHARED]
        rows += [(NAMES[name], *(side.diversity.get(name) for side in sides)) for name in NAMES]
        rows.append(("rows drawn for the last two", *(side.diversity.get("sampled") for side in sides)))
    table(("", "A", "B"), rows, right=("A", "B"))
    table(("column", "type in A", "in B", "missing in A", "in B ", "mean in A", "in B  "), _columns(*sides), title="Columns")
    if found.drift:
        put(_apart(found.drift))
    for which, names in zip("AB", found.only_in, strict=True):
        if names:
            put(f"only in {which}: {', '.join(map(plain, names))}")
    if found.note:
        say(f"note: {found.note}")


def _columns(a: "Side", b: "Side") -> list[tuple[object, ...]]:
    known = [{column.name: column for column in side.columns} for side in (a, b)]
    return [_column(name, known[0].get(name), known[1].get(name)) for name in dict.fromkeys([*known[0], *known[1]])]


def _column(name: str, one: "Column | None", other: "Column | None") -> tuple[object, ...]:
    both = (one, other)
    types = [column.type if column else "–" for column in both]
    missing = ["" if column is None or column.nulls is None else f"{column.nulls:.1%}" for column in both]
    means = [None if column is None else column.mean for column in both]
    return (name, *types, *missing, *means)


def _of(side: "Side", name: str) -> str:
    rows = side.overlap.get(name)
    return "" if rows is None else f"{number(rows)} ({rows / max(side.rows, 1):.1%})"


def _apart(drift: Mapping[str, object]) -> str:
    p, mmd = drift.get("p_value"), drift.get("mmd")
    if not isinstance(p, float):
        return "too few rows to say how far apart they are"
    said = "they are not of one kind" if p < LIKELY else "they may be of one kind"
    told = ", ".join(f"{name} {number(drift[name])}" for name in ("js", "js_chance", "kl"))
    return f"drift: {said} (MMD {number(mmd)}, p {number(p)}; {told})"
