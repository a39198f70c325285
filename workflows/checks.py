"""The grammar of `checks`: rows(STEP), share(STEP), distinct(STEP, column), nulls(STEP, column), value(STEP, number), compared with numbers."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, cast, get_args

from tools.contract import Counts, Expand, Quota, Rank, Synthesize
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
MOST_CHARACTERS = 1000  # of one check: what is longer would keep the expression busy
MANY = 1 << 40  # rows; no step is asked about more
GRAMMAR = "a check reads `rows(STEP) between A and B` or `share(STEP) >= A`; also distinct(STEP, column), nulls(STEP, column) and value(STEP, number)"


def read_checks(recipe: Recipe, names: Names, streams: Mapping[str, Stream], findings: Findings) -> tuple[Check, ...]:
    """The checks that can be read; the others are among the findings."""
    read = (_read(text, names, streams, findings.at("check", text, index)) for index, text in enumerate(recipe.checks))
    return tuple(check for check in read if check is not None)


def _read(text: str, names: Names, streams: Mapping[str, Stream], spot: Spot) -> Check | None:
    match = WHOLE.fullmatch(text) if len(text) <= MOST_CHARACTERS else None
    if match is None:
        spot.error("", text, "cannot be read", GRAMMAR)
        return None
    measure, column = match["measure"], match["column"]
    if measure not in MEASURES:
        spot.error("", measure, f"no measure {measure!r}", nearest(measure, MEASURES) or f"; there are {', '.join(MEASURES)}")
        return None
    edges = names.edges(match["step"], spot, "")
    fits = _number_fits(column, edges[0], names, spot) if edges and measure == "value" else bool(edges)
    if not fits or (measure != "value" and not _column_fits(measure, column, edges[0], streams, spot)):
        return None
    if measure == "share" and edges[0].step in names.sources:
        spot.error("", match["step"], "share is rows out by rows in of a step", "name a step")
        return None
    at_least, at_most, excludes = _bounds(match)
    if at_least is not None and at_most is not None and at_least > at_most:
        spot.error("", text, f"nothing lies between {at_least:g} and {at_most:g}", "write the smaller number first")
        return None
    if said := _can_never(measure, edges[0], names, at_least, at_most, excludes):
        spot.error("", text, *said)
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


def _number_fits(number: str | None, edge: Edge, names: Names, spot: Spot) -> bool:
    """Whether the step tells this number of all its rows."""
    named = names.steps.get(edge.step)
    if named is not None and named.operator is None:  # what is wrong with it is said where it stands
        return True
    told = named.operator.numbers() if named is not None and named.operator is not None else ()
    if number in told:
        return True
    if not told:
        spot.error("", edge.step, f"{edge.step!r} tells no numbers of all its rows", "name a step that does, such as one of diversity or drift")
    elif number is None:
        spot.error("", None, "value needs a number that the step tells", f"write value({edge.step}, {told[0]}); there are {', '.join(told)}")
    else:
        spot.error("", number, f"step {edge.step!r} tells no number {number!r}", nearest(number, told) or f"; there are {', '.join(told)}")
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


def _can_never(
    measure: str, edge: Edge, names: Names, at_least: float | None, at_most: float | None, excludes: tuple[float, ...]
) -> tuple[str, str] | None:
    """Why no run can fulfil it, and the mend."""
    if measure == "value":
        return None
    if at_most is not None and (at_most < 0 or (at_most == 0 and 0 in excludes)):
        return f"{measure} is never below 0", "take a bound of 0 or above"
    most, why = _most(measure, edge, names)
    if at_least is not None and (at_least > most or (at_least == most and most in excludes)):
        return f"{measure}({edge}) is at most {most:g}: {why}", f"take a bound of at most {most:g}"
    if measure != "share" and at_least is not None and at_least == at_most and not at_least.is_integer():
        return f"{measure} is a whole number, never {at_least:g}", "take a whole number"
    return None


def _most(measure: str, edge: Edge, names: Names) -> tuple[float, str]:
    """The largest value that there can be, and why, as far as the recipe tells."""
    if measure == "share":
        named = names.steps.get(edge.step)
        grows = named is None or named.made is None or issubclass(named.made, Expand | Synthesize)
        return (math.inf, "") if grows else (1.0, "a step that makes no rows lets out at most all that come in")
    most, step = min(((quota, name) for name, quota in _quotas(edge, names)), default=(math.inf, ""))
    return most, f"step {step!r} lets no more through"


def _quotas(edge: Edge, names: Names) -> Iterator[tuple[str, float]]:
    """Steps on the way to this edge whose parameters say how many rows leave by their port, whatever comes in."""
    seen: set[Edge] = set()
    while edge not in seen:
        seen.add(edge)
        named = names.steps.get(edge.step)
        if named is None or named.made is None or issubclass(named.made, Expand | Synthesize):
            return
        if isinstance(named.operator, Rank) and (limit := _quota(named.operator, edge.port)) is not None:
            yield edge.step, limit
        if len(named.rows) != 1:
            return
        (edge,) = named.rows


def _quota(operator: Rank, port: str) -> float | None:
    """A number that does not depend on how many rows there are."""
    found = set()
    for rows in (MANY, 2 * MANY):
        quotas = operator.quota(Counts({None: rows}, {None: float(rows)}))
        quota = quotas.get(port) if not isinstance(quotas, Quota) else quotas if port == operator.ports()[0] else None
        found.add(quota.rows if quota is not None and not isinstance(quota.rows, Mapping) else None)
    return found.pop() if len(found) == 1 else None


def _number(text: str) -> float:
    return float(text.replace("_", ""))
