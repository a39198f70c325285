"""Which columns go out, under which names, and what a new one holds."""

import re

from .findings import Check, Claim, Finding, unknown, verdict_of
from .ground import Ground
from .said import Said
from .sizes import COUNTS

_ADDS = re.compile(
    r"\b(?:add|create|make|append|compute|attach|put|with)\b[^.;]{0,30}?\bcolumn\s+(?:named\s+|called\s+)?[`\"']?(?P<name>[A-Za-z]\w*)",
    re.I,
)
_CALLS = re.compile(
    r"\brename\s+(?:the\s+|column\s+)*(?P<old>`?[\w -]+?`?)\s+(?:to|into|as)\s+(?P<new>`?\w+`?)|"
    r"\bcall\s+(?:the\s+|column\s+)*(?P<old2>\w+)\s+(?P<new2>\w+)|"
    r"\b(?P<old3>\w+)\s+(?:column\s+)?(?:should|must|shall) be (?:called|named|renamed(?: to)?)\s+(?P<new3>\w+)",
    re.I,
)
_ONLY = re.compile(
    r"\b(?:only|nothing but|just|nothing else than)\b|\bwith (?:only |just )?(?:the )?columns\b|\bgive me\b(?=.*\b(?:as (?:tsv|csv|jsonl?|"
    r"parquet)|only)\b)"
)
_DROPS = re.compile(r"\b(?:drop|remove|delete|get rid of|leave out|throw (?:out|away))\b")
_CONTENT = re.compile(r"\b(?:in|from|of|by|on|where|whose|with|longer|shorter|rows?|texts?|is|are|valid|number)\b")


def read(said: Said) -> list[Check]:
    """`only A and B`, `remove the columns A and B`, `call A B`, `add a column N with the number of words`."""
    added, called = _ADDS.search(said.text), _CALLS.search(said.text)
    if called:
        old, new = next((called[f"old{n}"], called[f"new{n}"]) for n in ("", "2", "3") if called[f"new{n}"])
        old, new = old.strip("` "), new.strip("` ")
        if old in said.ground.given.types:
            return [Claim(called.start(), called.end(), lambda ground: _renamed(ground, old, new), True)]
        return []
    if added:
        name = added["name"]
        if name.lower() not in ("with", "that", "which", "for", "of", "saying", "from"):
            return [Claim(added.start(), added.end(), lambda ground: _added(said, ground, name), True), *_rest_of_added(said, added.end())]
    return _selected(said)


def _rest_of_added(said: Said, at: int) -> list[Check]:
    match = re.match(
        r"\s+(?:with|that holds|holding|for|from|saying)\b.*\bnumber of (?:words|characters|lines|sentences|paragraphs)\b[^,;]*", said.lower[at:]
    )
    return [Claim(at, at + match.end(), lambda _: Finding("holds", ""), True)] if match else []


def _selected(said: Said) -> list[Check]:
    names = tuple(dict.fromkeys(one.name for one in said.columns))
    if not names:
        return []
    start, end = said.columns[0].start, said.columns[-1].end
    between = said.lower[start:end]
    for one in said.columns:
        between = between.replace(said.lower[one.start : one.end], " ", 1)
    if re.sub(r"\b(?:and|the|columns?|fields?)\b|[\s,+&/`]", "", between):
        return []
    only, drops = _ONLY.search(said.lower), _DROPS.search(said.lower)
    around = re.sub(r"\bget rid of\b|\bnothing but\b", " ", f"{said.lower[:start]} {said.lower[end:]}")
    if re.search(
        r"\b(?:rows?|that|which|have|having|without|non|empty|filled|blank|missing|contain\w*|where|"
        r"whose|with (?!(?:the |only )*(?:columns|fields))|is|are|equals|longer|shorter|valid|more|less|texts?|from|of|in|by|"
        r"on)\b|[=<>]|\d",
        around,
    ):
        return []
    if drops and (re.search(r"\b(?:columns?|fields?)\b", said.lower)):
        return [Claim(drops.start(), max(end, _noun_end(said.lower, end)), lambda ground: _gone(ground, names), True)]
    if only and len(names) >= 1:
        return [Claim(min(only.start(), start), max(only.end(), end), lambda ground: _only(ground, names), True)]
    return []


def _noun_end(lower: str, end: int) -> int:
    match = re.match(r"\s+(?:columns?|fields?)\b", lower[end:])
    return end + (match.end() if match else 0)


def _only(ground: Ground, names: tuple[str, ...]) -> Finding:
    """No column but these, those that the goal makes or renames, and all of them unless it renames or drops them later."""
    made = {match["name"] for match in _ADDS.finditer(ground.goal)}
    renamed = {new for match in _CALLS.finditer(ground.goal) for n in ("", "2", "3") if (new := match[f"new{n}"])}
    out = set(ground.out.types)
    surplus = sorted(out - set(names) - made - renamed - {"split", "_part"})
    missing = [] if renamed or re.search(r"\b(?:drop|remove)\b[^.;]*\bcolumns?\b", ground.goal.lower()) else sorted(set(names) - out)
    if (surplus or missing) and re.search(r"\bconvert|format|sharegpt|chat|messages\b", ground.goal.lower()):
        return unknown("the goal turns the rows into another shape")
    if surplus or missing:
        return Finding(
            "fails",
            "; ".join(
                [f"columns that were not asked for: {', '.join(surplus)}"] * bool(surplus) + [f"missing: {', '.join(missing)}"] * bool(missing)
            ),
        )
    return Finding("holds", f"the columns that go out are {', '.join(ground.out.types)}")


def _gone(ground: Ground, names: tuple[str, ...]) -> Finding:
    left = [name for name in names if name in ground.out.types]
    others = [name for name in ground.given.types if name not in names and name not in ground.out.types]
    if left:
        return Finding("fails", f"still there: {', '.join(left)}")
    return verdict_of(True, f"{', '.join(names)} gone" + (f" ({', '.join(others)} too)" if others else ""))


def _renamed(ground: Ground, old: str, new: str) -> Finding:
    if new not in ground.out.types:
        return Finding("fails", f"no column {new!r} goes out")
    if old in ground.out.types:
        return Finding("fails", f"the column {old!r} is still there")
    values = ground.out.values(new)
    looked = [at for at in ground.out.picked() if ground.origin(at) is not None]
    same = sum(ground.origin(at)[old] == values[at] for at in looked)  # type: ignore[index]
    return verdict_of(same >= len(looked) / 2, f"{new!r} holds what {old!r} held in {same} of {len(looked)} rows")


def _added(said: Said, ground: Ground, name: str) -> Finding:
    if name not in ground.out.types:
        return (
            unknown("it is dropped again")
            if re.search(r"\b(?:drop|remove)\b", ground.goal.lower())
            else Finding("fails", f"no column {name!r} goes out")
        )
    unit = re.search(r"\bnumber of (words|characters|lines|sentences|paragraphs)\b", said.lower)
    if not unit:
        return unknown(f"the column {name!r} is there; what it holds was not checked")
    sources = [one for one in said.texts() if one != name and one in ground.given.types]
    found = [_counted(ground, name, unit[1], source) for source in sources]
    return next((one for one in found if one.verdict == "holds"), found[0] if found else unknown(f"the column {name!r} is there"))


def _counted(ground: Ground, name: str, unit: str, source: str) -> Finding:
    wrong, looked = 0, 0
    values = ground.out.values(name)
    for at in ground.out.picked():
        row, value = ground.origin(at), values[at]
        text = row.get(source) if row is not None else None
        if isinstance(text, str) and isinstance(value, int | float):
            least, most = COUNTS[unit](text)
            looked += 1
            wrong += not least <= value <= most
    if not looked:
        return Finding("fails", f"{name!r} holds no number")
    return verdict_of(wrong <= 0.02 * looked, f"{name!r} is the number of {unit} in {source} in {looked - wrong} of {looked} rows")
