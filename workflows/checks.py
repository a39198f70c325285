"""The grammar of `checks`: rows(STEP), share(STEP), distinct(STEP, column), nulls(STEP, column), compared with numbers."""

import re
from collections.abc import Mapping
from typing import Any, cast, get_args

from tools.names import nearest

from .columns import Stream
from .findings import Findings, Spot
from .graph import Check, Edge
from .recipe import Recipe
from .steps import Names

NUMBER = r"[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
WHOLE = re.compile(
    rf"\s*(?P<measure>\w+)\s*\(\s*(?P<step>[^,()]+?)\s*(?:,\s*(?P<column>.+?)\s*)?\)\s*"
    rf"(?:between\s+(?P<low>{NUMBER})\s+and\s+(?P<high>{NUMBER})|(?P<sign>==|!=|<=|>=|<|>)\s*(?P<value>{NUMBER}))\s*"
)
MEASURES = get_args(Check.__annotations__["measure"])
OF_COLUMN = ("distinct", "nulls")
GRAMMAR = "a check reads `rows(STEP) between A and B` or `share(STEP) >= A`; also distinct(STEP, column) and nulls(STEP, column)"


def read_checks(recipe: Recipe, names: Names, streams: Mapping[str, Stream], findings: Findings) -> tuple[Check, ...]:
    """The checks that can be read; the others are among the findings."""
    read = (_read(text, names, streams, findings.at("check", text, index)) for index, text in enumerate(recipe.checks))
    return tuple(check for check in read if check is not None)


def _read(text: str, names: Names, streams: Mapping[str, Stream], spot: Spot) -> Check | None:
    match = WHOLE.fullmatch(text)
    if match is None:
        spot.error("", text, "cannot be read", GRAMMAR)
        return None
    measure, column = match["measure"], match["column"]
    if measure not in MEASURES:
        spot.error("", measure, f"no measure {measure!r}", nearest(measure, MEASURES) or f"; there are {', '.join(MEASURES)}")
        return None
    edges = names.edges(match["step"], spot, "")
    if not edges or not _column_fits(measure, column, edges[0], streams, spot):
        return None
    if measure == "share" and edges[0].step in names.sources:
        spot.error("", match["step"], "share is rows out by rows in of a step", "name a step")
        return None
    at_least, at_most, excludes = _bounds(match)
    if at_least is not None and at_most is not None and at_least > at_most:
        spot.error("", text, f"nothing lies between {at_least:g} and {at_most:g}", "write the smaller number first")
        return None
    return Check(text=text, measure=cast(Any, measure), edge=edges[0], column=column, at_least=at_least, at_most=at_most, excludes=excludes)


def _column_fits(measure: str, column: str | None, edge: Edge, streams: Mapping[str, Stream], spot: Spot) -> bool:
    if measure not in OF_COLUMN:
        if column is not None:
            spot.error("", column, f"{measure} takes no column", f"write {measure}({edge})")
        return column is None
    if column is None:
        spot.error("", None, f"{measure} needs a column", f"write {measure}({edge}, COLUMN)")
        return False
    stream = streams.get(edge.step)
    if stream is None or stream.schema is None or column in stream.schema.names:
        return True
    spot.error(
        "",
        column,
        f"no column {column!r} in {str(edge)!r}",
        nearest(column, stream.schema.names) or f"; there are {', '.join(stream.schema.names[:8])}",
    )
    return False


def _bounds(match: re.Match[str]) -> tuple[float | None, float | None, tuple[float, ...]]:
    if match["sign"] is None:
        return _number(match["low"]), _number(match["high"]), ()
    value = _number(match["value"])
    return {
        "==": (value, value, ()),
        "!=": (None, None, (value,)),
        "<": (None, value, (value,)),
        "<=": (None, value, ()),
        ">": (value, None, (value,)),
        ">=": (value, None, ()),
    }[match["sign"]]


def _number(text: str) -> float:
    return float(text.replace("_", ""))
