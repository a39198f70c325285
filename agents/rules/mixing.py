"""Reads how much of each a mixture holds: of the inputs or of the labels of a column, by weights or by a temperature."""

import re
from collections.abc import Mapping

from . import slots
from .clauses import Phrase
from .columns import mentions
from .profile import Column, Table
from .wishes import SELECT, Scene, Trouble, Wish

_TEMPERATURE = re.compile(
    rf"\b(?P<what>temperature|alpha|exponent|smoothing)\b[^.;\d]{{0,20}}(?P<n>{slots.NUMBER})|(?P<m>{slots.NUMBER})\s+(?:as\s+)?(?:the\s+)?temperature\b"
)
_RATIO = re.compile(r"\d+(?:\.\d+)?(?:\s*(?::|/|\bto\b)\s*\d+(?:\.\d+)?)+")
_EVEN = re.compile(
    r"\bhalf and half\b|\bequal (?:parts|shares|amounts|numbers|weights)\b|\bequally\b|\bfifty[- ]fifty\b|\bevenly\b|"
    r"\bsame (?:number|amount|share)s? (?:of \w+ )?(?:from|of) each\b|\bequal weights?\b"
)
_SPLITS = re.compile(r"\b(?:split|train\w*|test\w*|valid\w*|hold|eval\w*|partition|divide)\b")
_AGAIN = re.compile(r"\b(?:over|up)-?sampl\w*|\brepeat(?:ing|ed)? (?:the |some |small\w* |rare )*(?:rows|examples|samples|texts|sources?|classes)\b")
_OVER_SOURCES = re.compile(r"\b(?:sources?|inputs?|files?|data ?sets?|each file|corpora|corpus|all of them|each of them)\b")
_MIXES = re.compile(
    r"\b(?:mix\w*|blend\w*|weight\w*|sampl\w+|proportions?|composition|shares?|draw|interleav\w+|combin\w+|balanc\w+|rows?|take|keep|even\w*|make|equal\w*)\b"
)
_FILL = re.compile(
    r"\bfill(?:ing)? (?:it )?up\b|\bmake up for\b|\b(?:the )?others? (?:may |can |should |shall )?(?:fill|give|make up|compensate)\w*\b"
)
_SHRINK = re.compile(
    r"\b(?:exact|strict|precise)\w* (?:shares|proportions|ratios?|weights)\b|\b(?:shares|proportions|ratios?|weights)\b[^.;]{0,20}\bexact(?:ly)?\b"
)


def weighted(weights: Mapping[str, float], rows: int | None, phrases: list[Phrase], said: str, by: str = "") -> Wish:
    """The mix of inputs, or of the values of a column."""
    lower = " ".join(phrase.lower for phrase in phrases)
    short = "fill" if _FILL.search(lower) else "shrink" if _SHRINK.search(lower) and rows is not None else ""
    params: dict[str, object] = {"weights": dict(weights)}
    params |= {"by": "group"} if by else {}
    params |= {} if rows is None else {"rows": rows}
    params |= {"when_short": short} if short else {}
    shown = ", ".join(f"{name} {weight:g}" for name, weight in weights.items())
    size = "as many rows as the shares allow" if rows is None else f"{rows:,} rows"
    evidence = f"mix of {by or 'the inputs'}: {shown}; {size}, from {said!r}"
    return Wish(op="mix", id="mixed", stage=SELECT, params=params, on={"group": by} if by else None, evidence=evidence)


def ratio_of(phrase: Phrase, tables: list[Table]) -> dict[str, float]:
    """`web, code and math 7:2:1`: parts in the order in which the inputs are named."""
    said = _RATIO.search(phrase.lower)
    places = {table.name: match.start() for table in tables if (match := re.search(rf"\b{names_of(table)}\b", phrase.lower))}
    parts = [float(part) for part in re.findall(r"\d+(?:\.\d+)?", said[0])] if said else []
    of_sources = len(places) == len(tables) or (not places and _OVER_SOURCES.search(phrase.lower) and _MIXES.search(phrase.lower))
    if not of_sources or _SPLITS.search(phrase.lower):
        return {}
    names = sorted(places, key=lambda name: places[name]) or [table.name for table in tables]
    if len(parts) != len(tables) and not _EVEN.search(phrase.lower):
        return {}
    parts = parts if len(parts) == len(tables) else [1.0] * len(tables)
    return {name: part / sum(parts) for name, part in zip(names, parts, strict=True)}


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """A mix of labels by shares or counts, or of anything by a temperature."""
    again = _AGAIN.search(phrase.lower)
    if again and phrase.side != "drop":
        return Trouble("refuse", f"{again[0]!r}: winnow takes no row twice; `mix` and `balance` take fewer of what there is much of.")
    temperature = _TEMPERATURE.search(phrase.lower)
    if temperature and _MIXES.search(phrase.lower) and phrase.side != "drop":
        return _by_temperature(phrase, scene, temperature)
    return of_labels(phrase, scene)


def _by_temperature(phrase: Phrase, scene: Scene, match: re.Match[str]) -> list[Wish] | Trouble:
    value, share = slots.value(match["n"] or match["m"])
    if share or value <= 0:
        return Trouble("ask", f"{phrase.text!r}: a temperature is a number above 0; 1 leaves the shares as they are, more makes them more even.")
    column = _labels_of(phrase, scene)
    mains = len(scene.tables) - len(scene.references)
    if column is None and mains < 2:
        return Trouble("ask", f"{phrase.text!r}: shares of what? There is one input; name the column whose values are to be mixed.")
    is_power = match["what"] in ("alpha", "exponent", "smoothing")
    taken = 1 / value if is_power or value < 1 else value
    rows = _total(phrase)
    params: dict[str, object] = {"temperature": round(taken, 6)} | ({} if rows is None else {"rows": rows}) | ({"by": "group"} if column else {})
    what = column.name if column else "the inputs"
    return [
        Wish(
            op="mix",
            id="mixed",
            stage=SELECT,
            params=params,
            on={"group": column.name} if column else None,
            span=(0, len(phrase.lower)),
            evidence=f"mix of {what}: shares in proportion to rows ^ {1 / taken:g}{_why(value, is_power)}",
        )
    ]


def _why(value: float, is_power: bool) -> str:
    """Below 1 a temperature would make the largest still larger, which nobody means."""
    return f": {value:g}, below 1, is taken for the exponent" if value < 1 and not is_power else f" (temperature {value:g})" if not is_power else ""


def of_labels(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """`50% ham and 50% spam`: what the result is made of. `50% of the ham` is a share of what there is, and read elsewhere."""
    for column in scene.main.columns:
        found: dict[str, slots.Number] = {}
        for label in column.labels:
            number = _beside(phrase, label) if len(label) > 1 else None
            if number is not None:
                found[label] = number
        if len(found) > 1:
            return _made_of(phrase, column, dict(sorted(found.items(), key=lambda one: one[1].start)))
    return []


def _made_of(phrase: Phrase, column: Column, found: Mapping[str, slots.Number]) -> list[Wish] | Trouble:
    parts = {label: number.value for label, number in found.items()}
    if all(number.share for number in found.values()):
        if abs(sum(parts.values()) - 1) > 0.011:
            return Trouble("ask", f"{phrase.text!r}: the shares add up to {sum(parts.values()):.0%}, not to 100%.")
        rows = _total(phrase)
    elif any(number.share for number in found.values()) or any(value != int(value) or value < 2 for value in parts.values()):
        return []
    else:
        rows = int(sum(parts.values()))
    wish = weighted(parts, rows, [phrase], phrase.text, column.name)
    return [Wish(**{**wish.__dict__, "span": (0, len(phrase.lower))})]


def _beside(phrase: Phrase, label: str) -> slots.Number | None:
    for number in slots.numbers(phrase.lower):
        if re.match(rf"\s+(?:random\s+|rows of\s+)?{re.escape(label.lower())}\b", phrase.lower[number.end :]):
            return number
    return None


def _labels_of(phrase: Phrase, scene: Scene) -> Column | None:
    """The column of labels that the clause names, unless it speaks of the inputs."""
    named = [one.column for one in mentions(phrase, scene.main) if one.column.labels or one.column.kind == "flag"]
    return None if _OVER_SOURCES.search(phrase.lower) and not named else next(iter(named), None)


def _total(phrase: Phrase) -> int | None:
    return next((int(number.value) for number in slots.numbers(phrase.lower) if is_total(phrase, number)), None)


def is_total(phrase: Phrase, number: slots.Number) -> bool:
    """Whether it says how many rows there shall be in all."""
    rows = r"\s*(?:\w+\s+)?(?:rows?|examples?|samples?|records?|items?|pairs|in total|altogether|documents?|texts?|instructions?|lines)\b"
    return not number.share and number.value >= 2 and bool(re.match(rows, phrase.lower[number.end :]))


def names_of(table: Table) -> str:
    """How people write an input's name."""
    return re.escape(table.name.lower()).replace("_", "[ _-]?")
