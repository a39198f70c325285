"""What goes into which part, and how much comes from which input."""

import re
from collections import Counter
from collections.abc import Callable

from agents.rules import slots

from .counting import count_of, together
from .findings import Check, Claim, Finding, shown, unknown, verdict_of
from .ground import Ground
from .groups import sizes_of
from .said import Named, Said

_SPLIT = re.compile(r"\bsplit\b|\btrain\w*\s*/|\bhold \S+ (?:\w+ )?(?:out|back)\b|\bhold out\b|\baside\b")
TOGETHER = re.compile(r"\bsame side\b|\bend up in both\b|\bin both\b|\bstay together\b|\bnot be split\b|\bsame (?:part|split)\b")
_PARTS = {"train": r"train", "validation": r"val|dev", "test": r"test|eval"}
_OF_FILES = re.compile(r"\s+(?:\w+ )?(?:files?|data ?sets?|inputs?|sources?|columns?|fields?|times)\b")


def no_part(said: Said, lower: str) -> list[Check]:
    """`no validation set`."""
    match = re.fullmatch(r"\s*(?:no|without an?y?) (validation|test|dev)(?: (?:set|part|split|file))?[\s.!]*", lower)
    if match is None:
        return []
    part = {"dev": "validation"}.get(match[1], match[1])
    return [Claim(0, len(lower), lambda ground: verdict_of(part not in _sizes(ground), f"the outputs are {', '.join(ground.sample.outputs)}"))]


def parted(said: Said, lower: str) -> list[Check]:
    """Shares of train, validation and test."""
    if not _SPLIT.search(lower) and not (re.search(r"\btrain\b", lower) and re.search(r"\btest|\bval", lower)):
        return []
    names = [(match.start(), part) for part, pattern in _PARTS.items() for match in re.finditer(rf"\b(?:{pattern})\w*", lower)]
    order = list(dict.fromkeys(part for _, part in sorted(names)))
    ratio = slots.ratio(lower)
    if ratio and len(order) == len(ratio):
        return [Claim(0, len(lower), lambda ground: _parts(ground, dict(zip(order, ratio, strict=True)), {}))]
    shares, numbers = slots.shares(lower), [one for one in slots.numbers(lower) if not one.share and one.value > 1]
    if len(order) == 1 and len(shares) == 1 and order[0] != "train":
        return [Claim(0, len(lower), lambda ground: _parts(ground, {order[0]: shares[0].value}, {}))]
    if len(order) == 1 and len(numbers) == 1 and not shares and order[0] != "train":
        return [Claim(0, len(lower), lambda ground: _parts(ground, {}, {order[0]: int(numbers[0].value)}))]
    return []


def _sizes(ground: Ground) -> dict[str, int]:
    """Rows by part, where the outputs are called by parts."""
    found: dict[str, int] = {}
    for name, rows in ground.sample.outputs.items():
        part = next((part for part, pattern in _PARTS.items() if re.search(rf"(?:^|[^a-z])(?:{pattern})", name.rpartition(".")[2].lower())), "")
        found[part] = found.get(part, 0) + rows.total
    return found


def _parts(ground: Ground, shares: dict[str, float], numbers: dict[str, int]) -> Finding:
    if not ground.sample.whole:
        return unknown("parts are cut from all rows")
    sizes, total = _sizes(ground), ground.out.total
    grouped = bool(TOGETHER.search(ground.goal.lower()))
    told = ", ".join(f"{count} {part or 'other'}" for part, count in sizes.items())
    missing = [part for part in (*shares, *numbers) if part not in sizes]
    if missing:
        return Finding("fails", f"no output for {missing[0]}; rows: {told}")
    off = [
        part
        for part, share in shares.items()
        if abs(sizes[part] - share * total) > max(1.5, 3 * (total * share * (1 - share)) ** 0.5, (0.05 if grouped else 0.01) * total)
    ]
    off += [part for part, count in numbers.items() if sizes[part] != min(count, total)]
    return verdict_of(not off, f"{told} of {total} rows")


def apart(said: Said) -> list[Check]:
    """A group must lie in one part."""
    named = [one for one in said.columns if one.name in said.ground.given.types]
    if len(named) != 1:
        return []
    return [Claim(0, len(said.lower), lambda ground: _disjoint(ground, named[0]))]


def _disjoint(ground: Ground, named: Named) -> Finding:
    if len(ground.sample.outputs) < 2:
        return Finding("fails", "all rows go into one output")
    seen: dict[str, str] = {}
    at = 0
    for part, rows in ground.sample.outputs.items():
        for _ in range(len(rows.table)):
            source = ground.origin(at)
            value = str(source.get(named.name)) if source is not None else ""
            at += 1
            if seen.setdefault(value, part) != part:
                return Finding("fails", f"{named.name} {shown(value)} is in {seen[value]} and in {part}")
    return Finding("holds", f"each of {len(seen)} values of {named.name} is in one part only")


def mixed(said: Said, lower: str) -> list[Check]:
    """`70% news, 20% bank`: shares of inputs or of labels."""
    shares = slots.shares(lower)
    if (len(shares) < 2 and not re.search(r"\d\s?:\s?\d", lower)) or _SPLIT.search(lower):
        return []
    sources = {name.lower(): name for name in said.ground.mains}
    labels = {label.lower(): (column, label) for column in said.ground.given.types for label in said.ground.given.labels(column)}
    wanted: dict[str, float] = {}
    parts = re.search(r"\b(?P<a>[\w-]+) and (?P<b>[\w-]+) in (?:the )?(?:proportions?|ratio) (?P<x>\d+)\s?:\s?(?P<y>\d+)", lower)
    if parts:
        both = int(parts["x"]) + int(parts["y"])
        wanted = {parts["a"]: int(parts["x"]) / both, parts["b"]: int(parts["y"]) / both}
        shares = []
    for one in shares:
        behind = re.match(r"\s*(?:of |from )?(?:the )?([\w/-]+)", lower[one.end :])
        if behind is None:
            return []
        wanted[behind[1]] = one.value
    if wanted and all(name in sources for name in wanted):
        count: Callable[[Ground], Counter[str]] = _by_source
    elif wanted and all(name in labels for name in wanted) and len({labels[name][0] for name in wanted}) == 1:
        column = labels[next(iter(wanted))][0]

        def count(ground: Ground) -> Counter[str]:
            return Counter({group.lower(): size for group, size in sizes_of(ground, column).items()})
    else:
        return []
    number = (
        None
        if parts
        else next(
            (
                int(one.value)
                for one in slots.numbers(lower)
                if not one.share and one.value > 1 and not _OF_FILES.match(lower[one.end :]) and not any(s.start <= one.start < s.end for s in shares)
            ),
            None,
        )
    )
    return [Claim(0, len(lower), lambda ground: _shares(said, ground, wanted, count, number))]


def _by_source(ground: Ground) -> Counter[str]:
    names = {number: name.lower() for name, one in ground.mains.items() for number in one.number.tolist()}
    return Counter(names.get(number, "") for number in ground.out.number)


def _shares(said: Said, ground: Ground, wanted: dict[str, float], count: Callable[[Ground], Counter[str]], number: int | None) -> Finding:
    if not ground.sample.whole or not ground.out.is_all:
        return unknown("shares show only when all rows go through")
    sizes, total = count(ground), ground.out.total
    off = [name for name, share in wanted.items() if abs(sizes[name] - share * total) > max(1.5, 0.02 * total)]
    told = ", ".join(f"{sizes[name]} {name}" for name in wanted)
    found = verdict_of(not off, f"{told} of {total} rows")
    return together(found, count_of(said, ground, number, False)) if number else found
