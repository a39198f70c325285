"""How many rows go out: in all, as a share, of each group, in each part."""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from agents.rules import slots

from .findings import Check, Claim, Finding, shown, unknown, verdict_of
from .ground import Ground
from .said import Named, Said

_TAKES = re.compile(
    r"\b(?:sampl\w*|random\w*|pick|draw|choose|first|top|bottom|longest|shortest|highest|lowest|most|diverse|representative|in (?:all|total)|"
    r"altogether|balanced|mix|exactly)\b"
)
_ROWS = (
    r"(?:random |diverse |representative |news |training )?(?:rows?|lines?|items?|examples?|samples?|texts?|messages?|records?|documents?|pieces?|"
    r"excerpts?|problems?|"
    r"reviews?|speeches|questions?|ones|[a-z]{3,}s)\b"
)
_PER = re.compile(
    r"\b(?:per|for each|of each|from each|for every|from every|each|every|over(?=\s+(?:the |all )?\w+s\b)|across|by(?=[^.;]*\bbalanc|.*\beven)|"
    r"(?<=balance )by)\s+(?:of the\s+)?(?P<what>[\w ]{2,30})"
)
_CAP = re.compile(r"\b(?:at most|no more than|never more than|not more than|up to|max\w*)\b")
_EVEN = re.compile(
    r"\bbalanc\w*|\bsame number\b|\bequal(?:ly)?\b(?! to)|\bevenly?\b|\bas many \w+ as \w+|\bas often as\b|"
    r"\bno [\w ]{2,30}(?:\([^)]*\) )?may be more frequent than another\b"
)
_SPLIT = re.compile(r"\bsplit\b|\btrain\w*\s*/|\bhold \S+ (?:\w+ )?(?:out|back)\b|\bhold out\b|\baside\b")
_TOGETHER = re.compile(r"\bsame side\b|\bend up in both\b|\bin both\b|\bstay together\b|\bnot be split\b|\bsame (?:part|split)\b")
_PARTS = {"train": r"train", "validation": r"val|dev", "test": r"test|eval"}
_OF_FILES = re.compile(r"\s+(?:\w+ )?(?:files?|data ?sets?|inputs?|sources?|columns?|fields?|times)\b")
_TAKE = re.compile(r"(?:take|give me|keep|just|only|the|first|\s)+$")
_SEED = re.compile(r"[\s,;(]*\b(?:with |use |using )?(?:the )?(?:random )?seed\s*(?:=|is|of|:)?\s*\d+\)?")


def read(said: Said) -> list[Check]:
    """`500 rows at random`, `10%`, `five rows per template`, `balanced`, `80/20`."""
    found: list[Check] = [Claim(match.start(), match.end(), _seeded) for match in _SEED.finditer(said.lower)]
    lower = re.sub(rf"{_SEED.pattern}|\btemperature (?:of )?\d+", lambda match: " " * len(match[0]), said.lower)
    if _TOGETHER.search(lower):
        return [*found, *_apart(said)]
    if re.search(r"\bwords?\b[^.;]*\b(?:total|budget)|\bbudget\b|\boverlap\b|\btokens?\b|\bcluster\w*|\bcolumn\b(?! group)", lower):
        return found
    return [
        *found,
        *(
            _no_part(said, lower)
            or _mixed(said, lower)
            or _tails(said, lower)
            or _parted(said, lower)
            or _grouped(said, lower)
            or _numbered(said, lower)
        ),
    ]


def _no_part(said: Said, lower: str) -> list[Check]:
    """`no validation set`."""
    match = re.fullmatch(r"\s*(?:no|without an?y?) (validation|test|dev)(?: (?:set|part|split|file))?[\s.!]*", lower)
    if match is None:
        return []
    part = {"dev": "validation"}.get(match[1], match[1])
    return [Claim(0, len(lower), lambda ground: verdict_of(part not in _sizes(ground), f"the outputs are {', '.join(ground.sample.outputs)}"))]


def _seeded(_: Ground) -> Finding:
    return Finding("holds", "a seed leaves no trace in the rows")


def _numbered(said: Said, lower: str) -> list[Check]:
    """A number of rows, or a share of them."""
    if not _TAKES.search(lower) and not re.search(r"\b(?:i need|give me|want|take|save|keep)\b", lower) and not re.match(r"\s*\d", lower):
        return []
    shares = slots.shares(lower)
    if len(shares) == 1 and not re.search(r"\b(?:lowest|highest|easiest|hardest|shortest|longest|typical|lines|characters|grams)\b", lower):
        one = shares[0]
        if re.match(r"\s*(?:random )?(?:stratified )?(?:of (?:the |all |my )?)?(?:\w+ )?(?:rows?|\w+s|sample|data)\b", lower[one.end :]):
            end = one.end + (re.match(r"\s*(?:of the |of |stratified |random )?(?:rows?|sample)?", lower[one.end :]) or [""])[0].__len__()
            by = re.search(r"\bby\s*$|\bof\s*$", lower[: next((name.start for name in said.columns), 0)])
            return [Claim(one.start, end, lambda ground: _share(said, ground, one.value, bool(by)))]
        return []
    numbers = [one for one in slots.numbers(lower) if not one.share and one.value == int(one.value)]
    numbers = [one for one in numbers if not (unit := slots.unit(lower, one)) or (unit == "lines" and _TAKE.match(lower[: one.start]))]
    if said.way == "drop":
        return []
    numbers = [one for one in numbers if one.value > 1 and not _OF_FILES.match(lower[one.end :])]
    if len(numbers) != 1 or shares or (slots.bounds(lower) and not re.search(r"\bexactly\b", lower)):
        return []
    one = numbers[0]
    behind = re.match(rf"\s*(?:of the )?(?:longest |shortest |random |best |most \w+ )?{_ROWS}", lower[one.end :])
    top = re.search(r"\b(?:top|first|bottom|sample of|exactly)\s+$", lower[: one.start])
    if not behind and not top:
        return []
    end = one.end + (behind.end() if behind else 0)
    is_random = bool(re.search(r"\brandom\w*|\bsampl\w*|\bchosen at random\b", lower))
    return [Claim(one.start, one.end, lambda ground: _count(said, ground, int(one.value), is_random))]


def _count(said: Said, ground: Ground, wanted: int, is_random: bool) -> Finding:
    if not ground.sample.whole:
        return unknown("how many rows go out shows only when all rows go through")
    if not said.steps and ground.out.total < wanted:
        return unknown(f"{ground.out.total} rows go out; no step was made of this clause")
    total, gone = ground.out.total, _gone(ground, said.steps)
    if total > wanted or (total < wanted and gone and not _later(ground, said.steps)):
        return Finding("fails", f"{total} rows go out, {wanted} were asked for")
    if total < wanted:
        return (
            unknown(f"{total} rows go out: other steps drop some of the {wanted}")
            if gone
            else Finding("holds", f"all {total} rows go out; there are no {wanted}")
        )
    kept = sorted(set(ground.out.number))
    if is_random and gone and len(kept) >= 10 and len(gone) >= 10 and kept[-1] < min(ground.given.number[at] for at in gone):
        return Finding("fails", f"{total} rows go out, but they are the first ones and none drawn at random")
    return Finding("holds", f"{total} rows go out")


def _gone(ground: Ground, steps: Sequence[str]) -> list[int]:
    """Rows that ended at these steps."""
    return [at for at, (state, step) in enumerate(ground.fate) if state in ("dropped", "merged", "unused") and step in steps]


def _later(ground: Ground, steps: Sequence[str]) -> bool:
    """Whether rows were lost at a step behind these."""
    order = [step.id for step in ground.recipe.steps]
    last = max((order.index(step) for step in steps if step in order), default=-1)
    return any(state in ("dropped", "merged") and step in order[last + 1 :] for state, step in ground.fate) or ground.expands


def _share(said: Said, ground: Ground, wanted: float, by_group: bool) -> Finding:
    if not ground.sample.whole or not said.steps:
        return unknown("the share shows only when all rows go through")
    gone = len(_gone(ground, said.steps))
    reached = gone + sum(1 for state, step in ground.fate if state == "kept") if not _later(ground, said.steps) else 0
    if not reached:
        return unknown("other steps drop rows too")
    stay = reached - gone
    share = wanted if re.search(rf"\b(?:{_KEEPING})\b", said.lower) or said.way != "drop" else 1 - wanted
    groups = max((len(said.ground.given.labels(one.name)) for one in said.columns), default=0)
    slack = max(1.5, min(3 * (reached * share * (1 - share)) ** 0.5, 0.1 * share * reached), 0.6 * groups)
    return verdict_of(abs(stay - share * reached) <= slack, f"{stay} of {reached} rows stay, {stay / reached:.1%} where {share:.1%} was asked for")


_KEEPING = "sample|pick|keep|take|draw"


def _tails(said: Said, lower: str) -> list[Check]:
    """`the shortest quarter should go`, `cut off the lowest 5% and the highest 5%`."""
    shares = slots.shares(lower)
    ends = re.findall(r"\b(?:top|bottom|shortest|longest|lowest|highest|easiest|hardest|smallest|largest)\b", lower)
    if not shares or len(ends) != len(shares) or (said.way is None and not re.search(r"\bcut off\b|\btrim\b|\btop\b|\bbottom\b", lower)):
        return []
    drops = said.way == "drop" or (said.way is None and not re.search(r"\btop\b|\bbottom\b", lower))
    total = sum(one.value for one in shares)
    first = min(shares[0].start, lower.index(ends[0]))
    return [
        Claim(
            first, max(shares[-1].end, lower.rindex(ends[-1]) + len(ends[-1])), lambda ground: _dropped(said, ground, total if drops else 1 - total)
        )
    ]


def _dropped(said: Said, ground: Ground, wanted: float) -> Finding:
    if not ground.sample.whole or not said.steps or _later(ground, said.steps):
        return unknown("the share shows only when all rows go through")
    gone = len(_gone(ground, said.steps))
    reached = gone + sum(state == "kept" for state, _ in ground.fate)
    if not reached:
        return unknown("no row comes in")
    return verdict_of(
        abs(gone - wanted * reached) <= max(2, 0.02 * reached),
        f"{gone} of {reached} rows dropped, {gone / reached:.1%} where {wanted:.1%} was asked for",
    )


def _group(said: Said, lower: str, place: re.Match[str] | None) -> str | None:
    """The column whose groups are meant: named behind `per`, else the only one named, else the one that holds labels."""
    known = [one for one in said.columns if one.name in said.ground.given.types]
    behind = [one for one in known if place and one.start >= place.start()]
    if behind or len(known) == 1:
        return (behind or known)[0].name
    labels = [name for name in said.ground.given.types if 1 < len(said.ground.given.labels(name)) <= 200]
    what = place["what"].split()[0].rstrip("s") if place else ""
    alike = [name for name in labels if what and (what in name.lower() or name.lower() in what)]
    if alike:
        return alike[0]
    named = [name for name in labels if sum(bool(re.search(rf"\b{re.escape(label)}\b", lower, re.I)) for label in said.ground.given.labels(name)) > 1]
    return named[0] if named else labels[0] if len(labels) == 1 and what in ("label", "class", "topic", "category", "intent", "kind", "one") else None


def _grouped(said: Said, lower: str) -> list[Check]:
    """A number of rows of each group, at most or just so many; or as many of one as of another."""
    per, even = _PER.search(lower), _EVEN.search(lower)
    if not per and not even:
        return []
    if re.search(r"\bpart of each|each (?:pair|text|row|document|page|chunk)\b|every (?:row|text|word|conversation)\b|stratif", lower):
        return []
    numbers = [one for one in slots.numbers(lower) if not one.share and one.value == int(one.value) and one.value > 1]
    column = _group(said, lower, per)
    if column is None or len(numbers) > 1:
        return []
    cap = _CAP.search(lower)
    spans = [(one.start(), one.end()) for one in (per, even, cap) if one] + [(one.start, one.end) for one in numbers]
    start, end = min(one[0] for one in spans), max(one[1] for one in spans)
    if (
        numbers
        and even
        and re.search(r"\b(?:set of|sample|pick|draw|total|in all)\b", lower)
        and not re.search(r"\beach\b", lower[numbers[0].end : numbers[0].end + 8])
    ):
        total = int(numbers[0].value)
        return [Claim(start, end, lambda ground: _together(_count(said, ground, total, False), _evenly(said, ground, column)))]
    if numbers:
        return [Claim(start, end, lambda ground: _each(said, ground, column, int(numbers[0].value), bool(cap)))]
    return [Claim(start, end, lambda ground: _evenly(said, ground, column))] if even else []


def _together(*findings: Finding) -> Finding:
    worst = next((one for verdict in ("fails", "unknown") for one in findings if one.verdict == verdict), findings[0])
    return Finding(worst.verdict, "; ".join(one.says for one in findings))


def _groups(ground: Ground, column: str) -> Counter[str]:
    if column in ground.out.types:
        return Counter(str(value) for value in ground.out.values(column))
    return Counter(str((ground.origin(at) or {}).get(column)) for at in range(len(ground.out)))


def _each(said: Said, ground: Ground, column: str, wanted: int, at_most: bool) -> Finding:
    if not ground.out.is_all or not ground.sample.whole:
        return unknown("how many rows each group has shows only when all rows go through")
    groups = _groups(ground, column)
    over = [(group, count) for group, count in groups.most_common() if count > wanted]
    if over:
        return Finding("fails", f"{over[0][1]} rows of {shown(over[0][0])} in {column}, where {wanted} were asked for")
    if not at_most and not _later(ground, said.steps):
        gone = Counter(str(ground.given.values(column)[at]) for at in _gone(ground, said.steps)) if column in ground.given.types else Counter[str]()
        under = [group for group in gone if groups[group] < wanted]
        if under:
            return Finding("fails", f"{groups[under[0]]} rows of {shown(under[0])} in {column}, where {wanted} were asked for and more were there")
    return Finding("holds", f"{len(groups)} groups of {column}, none with more than {wanted} rows")


def _evenly(said: Said, ground: Ground, column: str) -> Finding:
    if not ground.out.is_all or not ground.sample.whole:
        return unknown("how even the groups are shows only when all rows go through")
    groups = _groups(ground, column)
    if _later(ground, said.steps) or not groups:
        return unknown("other steps drop rows behind this one")
    before = {str(value) for value in ground.given.values(column)} - {"None"} if column in ground.given.types else set()
    most, least = max(groups.values()), min(groups.values())
    told = f"{len(groups)} groups of {column} with {least} to {most} rows"
    if len(before) > 1 and len(groups) == 1:
        return Finding("fails", f"only one of {len(before)} groups of {column} goes out")
    if most - least <= max(1, 0.05 * most):
        return Finding("holds", told)
    gone = Counter(str(ground.given.values(column)[at]) for at in _gone(ground, said.steps)) if column in ground.given.types else Counter[str]()
    short = min(groups, key=lambda group: groups[group])
    return Finding("fails", told) if gone[short] or not said.steps else unknown(f"{told}; the smallest has no more")


def _parted(said: Said, lower: str) -> list[Check]:
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
    grouped = bool(_TOGETHER.search(ground.goal.lower()))
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


def _apart(said: Said) -> list[Check]:
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


def _mixed(said: Said, lower: str) -> list[Check]:
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
            return Counter({group.lower(): size for group, size in _groups(ground, column).items()})
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
    return _together(found, _count(said, ground, number, False)) if number else found
