"""Rows that must not come twice: equal ones by sets, near ones by shared runs of words, and overlap with a reference."""

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence

from xxhash import xxh3_64_intdigest

from workflows.engine.sample_rows import InputRows

from .findings import Check, Claim, Finding, shown, unknown, verdict_of
from .ground import Ground, Side
from .said import Said

_TWICE = re.compile(
    r"\bde-?dup\w*|\bdup(?:e|licate)?s?\b|\bduplicated?\b|\brepeated\b(?! (?:blanks?|spaces?|lines?))|\b(?:occurs?|comes?|appears?|"
    r"stands?) (?:only once|twice|more than once)\b|"
    r"\bnever twice the same\b|\b(?:every|each) \w+ (?:only |just )?once\b|\btwice\b|\b(?:is|are) only a repeat\b|\brepeats?\b|"
    r"\bno two \w+ with (?:the )?same\b|\bcopies\b|\bunique\b|"
    r"\bone (?:row )?of each (?:group|"
    r"bunch|kind)\b"
)
_NEAR = re.compile(r"\bnear\b|\bnear-|\balmost\b|\bnearly\b|\bfuzzy\b|\bsimilar\b|\bjaccard\b|\bclose\b|\bshingles?\b")
_PARTS = re.compile(
    r"\b(?:lines?|paragraphs?|passages?|sentences?|urls?|per url|share\w* of|%|percent|n-grams?|times as long|in the column|column with|flag|mark|"
    r"blanks|more than once|report)\b"
)
_OVERLAP = re.compile(
    r"\bdecontaminat\w*|\balso (?:occurs?|shows? up|appears?|stands?|is|are)\b|\bnothing of (?:them|it|these|those)\b|\boverlap\w*|\bsafe to train\b"
)
_BUNCH = re.compile(r"\bgroup|bunch|kind\b")
MOST_KEYS = 200_000
NEAR_ROWS, NEAR_WORDS, SHINGLE = 1000, 300, 5
MOST_KIN = 12
PLAIN = 20  # characters: a shorter value may be in both files by chance


def read(said: Said) -> list[Check]:
    """`remove duplicates`, `no two rows with the same text`, `drop what also shows up in eval`."""
    if said.ground.references:
        match = _OVERLAP.search(said.lower)
        return [Claim(0, len(said.lower), lambda ground: _no_overlap(said, ground))] if match and not re.search(r"\d|%|column\b", said.lower) else []
    match = _TWICE.search(said.lower)
    parts = _PARTS.search(said.lower)
    if match is None or (parts and not (said.ground.expands and re.fullmatch(r"passages?|paragraphs?|sentences?|chunks?", parts[0]))):
        return []
    near = _NEAR.search(said.lower)
    if near or (_BUNCH.search(match[0]) and _NEAR.search(said.ground.goal.lower())):
        start, end = (near or match).span()
        start, end = (0, len(said.lower)) if re.search(r"jaccard|shingle|one of each|so that no two", said.lower) else (start, end)
        return [Claim(min(match.start(), start), max(match.end(), end), lambda ground: _no_twins(said, ground))]
    if _BUNCH.search(match[0]):
        return []
    label = _label(said, match.start())
    check = (lambda ground: _once(said, ground, *label[:2])) if label else (lambda ground: _once(said, ground))
    remark = re.search(r"\s*\([^()]*\b(?:same|letter|exact|first)\b[^()]*\)", said.lower)
    spans = [Claim(match.start(), match.end(), check), *([Claim(*remark.span(), lambda _: Finding("holds", ""))] if remark else [])]
    return [*spans, *([Claim(label[2], label[3], lambda _: Finding("holds", ""))] if label else [])]


def _label(said: Said, at: int) -> tuple[str, str, int, int] | None:
    """`ham duplicates`: the duplicates of one label are meant."""
    for column in said.ground.given.types:
        for label in said.ground.given.labels(column):
            match = re.search(rf"(?<![\w-]){re.escape(label)}(?![\w-])", said.text, re.I) if len(label) > 2 else None
            if (
                match
                and re.fullmatch(r"\s*(?:(?!and\b|or\b)\w+\s+)?", said.lower[match.end() : at])
                and not any(one.start <= match.start() < one.end for one in said.columns)
            ):
                return column, label, match.start(), match.end()
    return None


def _once(said: Said, ground: Ground, column: str = "", label: str = "") -> Finding:
    if ground.sample.let_pass:
        return unknown("duplicates show only when all rows are compared, and the sample's were not")
    keys = _keys(said, ground)
    found = [_no_two(ground, names, column, label) for names in keys]
    best = next((one for one in found if one.verdict == "holds"), found[0])
    if best.verdict == "fails":
        return best
    if label:
        others = [at for at, (state, step) in enumerate(ground.fate) if step in said.steps and state in ("dropped", "merged")
                  and ground.given.values(column)[at] != label]  # fmt: skip
        if others:
            return Finding("fails", f"{len(others)} rows that are not {shown(label)} were dropped too, e.g. row {others[0]}")
    return _without_copy(said, ground, keys) or best


def _keys(said: Said, ground: Ground) -> list[tuple[str, ...]]:
    """The columns that make two rows the same: those named, else the text, else all."""
    twice = _TWICE.search(said.lower)
    known = [one for one in said.columns if one.name in ground.given.types]
    near = [
        one for one in known if twice and not re.search(r"\band\b|\bor\b|,", said.lower[min(one.end, twice.end()) : max(one.start, twice.start())])
    ]
    if near:
        return [tuple(dict.fromkeys(one.name for one in (known if len(near) < len(known) and near[0].start > twice.start() else near)))]  # type: ignore[union-attr]
    return [*((one.name,) for one in known), *((name,) for name in said.texts()), tuple(ground.given.types)]


def _no_two(ground: Ground, names: tuple[str, ...], column: str, label: str) -> Finding:
    side = ground.out if all(name in ground.out.types for name in names) else None
    rows = _tuples(side, names) if side else [_at(ground, names, at) for at in range(min(len(ground.out), MOST_KEYS))]
    if label and column in ground.out.types:
        rows = [row for row, value in zip(rows, ground.out.values(column), strict=True) if value == label]
    counts = Counter(row for row in rows if any(value not in (None, "") for value in row))
    twice = [(key, count) for key, count in counts.items() if count > 1]
    what = " and ".join(names) if len(names) <= 3 else "all columns"
    if twice:
        return Finding(
            "fails", f"{sum(count - 1 for _, count in twice)} of {len(rows)} rows repeat the {what} of another, e.g. {shown(twice[0][0][0])}"
        )
    if not ground.out.is_all:
        return unknown(f"no two of the {len(rows)} rows looked at are the same in {what}")
    return Finding("holds", f"no two of {len(rows)} rows are the same in {what}")


def _at(ground: Ground, names: tuple[str, ...], at: int) -> tuple[Hashable, ...]:
    row = ground.origin(at)
    return tuple(_hashable(row.get(name)) if row is not None else at for name in names)


def _tuples(side: Side, names: Sequence[str]) -> list[tuple[Hashable, ...]]:
    return list(zip(*([_hashable(value) for value in side.values(name)[:MOST_KEYS]] for name in names), strict=True))


def _hashable(value: object) -> Hashable:
    return value if isinstance(value, Hashable) else repr(value)


def _without_copy(said: Said, ground: Ground, keys: list[tuple[str, ...]]) -> Finding | None:
    """Rows that were dropped as copies although no row like them, however loosely one looks, goes out or was dropped elsewhere."""
    ends = ("merged", "dropped", "unused") if len(said.own) == 1 else ("merged",)  # of several steps, another may drop for its own reasons
    gone = [at for at, (state, step) in enumerate(ground.fate) if state in ends and step in said.own]
    if not gone or not ground.given.is_all or not ground.out.is_all or ground.rewritten_before(said.own, [name for names in keys for name in names]):
        return None
    out, missing, there = set(ground.out.number), set(gone), set(gone)
    stay = [at for at, number in enumerate(ground.given.number) if number in out or at not in there]
    for names in keys[:-1] or keys:
        loose = [tuple(_loose(value) for value in row) for row in zip(*(ground.given.values(name) for name in names), strict=True)]
        known = {loose[at] for at in stay}
        missing = {at for at in missing if loose[at] not in known}
    if not missing:
        return None
    return Finding("fails", f"of {len(missing)} of {len(gone)} rows that were dropped as copies no copy stays, e.g. of row {min(missing)}")


def _loose(value: object) -> str:
    return re.sub(r"\W+", "", str(value)).casefold()


def _no_twins(said: Said, ground: Ground) -> Finding:
    if ground.sample.let_pass:
        return unknown("near duplicates show only when all rows are compared, and the sample's were not")
    found = [_twins(said, ground, name) for name in said.texts() if name in ground.out.types]
    return next((one for one in found if one.verdict == "holds"), found[0] if found else unknown("no text column goes out"))


def _twins(said: Said, ground: Ground, column: str) -> Finding:
    before, after = _near_pairs(ground.given.values(column)), _near_pairs(ground.out.values(column))
    if len(after) > max(1, 0.1 * len(before)):
        return Finding("fails", f"{len(after)} pairs of rows still share nearly all runs of {SHINGLE} words in {column}; {len(before)} did before")
    gone, strange = _unlike(said, ground, column)
    if strange > 0.3 * max(gone, 3):
        return Finding("fails", f"{strange} of {gone} rows dropped as near copies share hardly a run of words with the row that stays")
    return Finding("holds", f"{len(after)} pairs of rows share nearly all runs of {SHINGLE} words in {column}; {len(before)} did before")


def _unlike(said: Said, ground: Ground, column: str) -> tuple[int, int]:
    """(rows that were dropped as near copies, those of them that are nothing like the row that stays)."""
    into = [int(number) for one in ground.mains.values() for number in one.into]
    values = ground.given.values(column)
    gone = [at for at, (state, step) in enumerate(ground.fate) if step in said.own and state in ("merged", "unused")][:NEAR_ROWS]
    if ground.rewritten_before(said.own, [column]):
        return 0, 0
    kin: dict[int, list[int]] = defaultdict(list)  # the row that stays, and others that it stands for
    for at in gone:
        stays = ground.place.get(into[at])
        kin[into[at]] = [*(kin[into[at]] or ([stays] if stays is not None else [])), at][:MOST_KIN]
    strange = 0
    for at in gone:
        mine = _shingles(values[at])
        others = [_shingles(values[other]) for other in kin[into[at]] if other != at]
        strange += all(len(mine & other) < 0.15 * max(len(mine | other), 1) for other in others)
    return len(gone), strange


def _near_pairs(values: Sequence[object]) -> set[tuple[int, int]]:
    """Pairs whose runs of words are the same to nineteen parts in twenty."""
    bags = [_shingles(value) for value in values[:NEAR_ROWS]]
    holders: dict[int, list[int]] = defaultdict(list)
    for at, bag in enumerate(bags):
        for one in sorted(bag)[:8]:  # the least hashes of twins are the same
            holders[one].append(at)
    found: set[tuple[int, int]] = set()
    for rows in holders.values():
        for place, right in enumerate(rows[1:50], 1):
            for left in rows[:place]:
                both = len(bags[left] & bags[right])
                if both >= 0.95 * len(bags[left] | bags[right]):
                    found.add((left, right))
    return found


def _shingles(value: object) -> set[int]:
    words = re.findall(r"\w+", value.lower())[:NEAR_WORDS] if isinstance(value, str) else []
    return {xxh3_64_intdigest(" ".join(words[at : at + SHINGLE]).encode()) for at in range(len(words) - SHINGLE + 1)}


def _no_overlap(said: Said, ground: Ground) -> Finding:
    known = {_loose(value): value for one in ground.references.values() for value in _reference_texts(one, said)}
    known.pop("", None)
    names = [name for name in said.texts() if name in ground.given.types]
    had = [sum(_loose(value) in known for value in ground.given.values(name)) for name in names]
    if not names:
        return unknown("no text to compare")
    return _overlap(ground, names[had.index(max(had))], known, said.steps)


def _reference_texts(one: InputRows, said: Said) -> list[str]:
    side = Side((one,))
    named = [name.name for name in said.columns if name.name in side.texts()]
    return [value for name in (named or side.texts()) for value in side.values(name) if isinstance(value, str) and len(value) >= PLAIN]


def _overlap(ground: Ground, column: str, known: dict[str, str], steps: tuple[str, ...]) -> Finding:
    left = [at for at in range(len(ground.out)) if _loose(_now(ground, column, at)) in known]
    if left:
        first = ground.name_of(ground.out.number[left[0]])
        return Finding(
            "fails",
            f"{len(left)} of {len(ground.out)} rows have the {column} of one that must not be there, e.g. {first}",
        )
    runs: set[int] = {run for value in known.values() for run in _runs(value)}
    gone = [at for at, (state, step) in enumerate(ground.fate) if step in steps and state == "dropped"]
    alone = [at for at in gone if not runs & _runs(ground.given.values(column)[at])]
    if gone and len(alone) > 0.5 * len(gone):
        return Finding("fails", f"{len(alone)} of {len(gone)} dropped rows share no run of words in {column} with what they were compared to")
    return verdict_of(True, f"no {column} of {len(ground.out)} rows is in what must not be there; {len(gone)} rows were dropped for it")


def _now(ground: Ground, column: str, at: int) -> object:
    if column in ground.out.types:
        return ground.out.values(column)[at]
    row = ground.origin(at)
    return None if row is None else row.get(column)


def _runs(value: object) -> set[int]:
    words = re.findall(r"\w+", value.lower()) if isinstance(value, str) else []
    return {xxh3_64_intdigest(" ".join(words[at : at + 3]).encode()) for at in range(len(words) - 2)}
