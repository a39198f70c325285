"""Reads which columns the rows shall have and what they are called."""

import re

from .clauses import HIDDEN, Phrase
from .columns import mentions, named, nearest
from .wishes import COLUMNS, Scene, Trouble, Wish

_COLUMN_WORD = re.compile(r"\b(?:columns?|fields?|cols?)\b")
_CALLS = re.compile(
    rf"\b(?:call|name)\s+(?:the\s+)?(?:columns?\s+|fields?\s+)?(?P<old>{HIDDEN}+|[A-Za-z_]\w*)\s+(?:as\s+|to be\s+|simply\s+|just\s+)?"
    rf"(?P<new>{HIDDEN}+|[A-Za-z_]\w*)[ .!]*(?:instead|please)?[ .!]*$"
)  # `call final_decision label`
_RENAME = re.compile(
    r"\brenam\w+\b|\bcall(?:ed)?\b[^.;]{0,40}\binstead\b|"
    r"\b(?:should|shall|must|is to|has to) be (?:called|named|renamed(?: to)?)\b|\bgive\b[^.;]{0,30}\bthe name\b"
)


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """Columns to keep, to drop, to call otherwise."""
    if _RENAME.search(phrase.lower) or _called(phrase, scene):
        return _rename(phrase, scene)
    if not _COLUMN_WORD.search(phrase.lower):
        return _saved(phrase, scene) or _bare(phrase, scene) or _only_columns(phrase, scene)
    every = r"\ball (?:the )?(?:columns|fields)\b|\bevery column\b"
    if phrase.side == "drop":
        return _drop_columns(phrase, scene)
    if (
        re.search(every, phrase.lower)
        or re.search(r"\b(?:add|new|create|called|named)\b", phrase.lower)
        or re.search(r"\bthe columns? [a-z_]+ (?:is|are|has|must|should)\b", phrase.lower)
    ):
        return []
    names = _listed(phrase, scene)
    wants = re.search(
        r"\bonly\b|\bkeep\b|\bselect\b|\bjust\b|\bnothing but\b|\bwith (?:the |these |two |three |four )*(?:columns?|fields?)\b|"
        r"\bcolumns?:|\bhas? (?:the )?columns\b|\bwant\b|\bsave\b|\bwrite\b|\bexport\b|\boutput\b|\bstore\b|\bneed\b",
        phrase.lower,
    )
    if not names or not wants or (len(names) == 1 and re.search(r"\b(?:by|in|of|from)\s+(?:the\s+)?columns?\b", phrase.lower)):
        return []
    absent = _absent(phrase, scene)
    if absent:
        return Trouble("ask", f"There is no column {absent!r}; the data has {', '.join(scene.main.names)}. Which one is meant?")
    return _listing("select_columns", names, (0, len(phrase.lower)))


def _listing(op: str, names: list[str], span: tuple[int, int]) -> list[Wish]:
    """The columns that go, or that alone stay."""
    made = "without_columns" if op == "drop_columns" else "columns"
    return [Wish(op=op, id=made, stage=COLUMNS, params={"columns": names}, span=span, evidence=f"{op}: {', '.join(names)}")]


def _bare(phrase: Phrase, scene: Scene) -> list[Wish]:
    """`drop category and idx`: a verb of dropping and columns, nothing else."""
    found = mentions(phrase, scene.main)
    if phrase.side != "drop" or not found or any(mention.end != len(phrase.lower) for mention in found[-1:]):
        return []
    rest = list(phrase.lower)
    for mention in found:
        rest[mention.start : mention.end] = " " * (mention.end - mention.start)
    if not re.fullmatch(
        r"\s*(?:please\s+)?(?:drop|remove|delete|leave out|omit|discard|throw away|throw out|get rid of|lose|ditch|"
        r"skip)\s+(?:the\s+)?(?:\s|,|and|the)*",
        "".join(rest),
    ):
        return []
    names = list(dict.fromkeys(mention.column.name for mention in found))
    return _listing("drop_columns", names, (0, len(phrase.lower)))


def _only_columns(phrase: Phrase, scene: Scene) -> list[Wish]:
    """`..., title and text only`: a part between commas that holds nothing but columns."""
    for part in re.finditer(r"[^,;]+", phrase.lower):
        found = [mention for mention in mentions(phrase, scene.main) if part.start() <= mention.start and mention.end <= part.end()]
        rest = list(part[0])
        for mention in found:
            rest[mention.start - part.start() : mention.end - part.start()] = " " * (mention.end - mention.start)
        if (
            (len(found) > 1 or (len(found) == 1 and part.start() > 0 and part.end() == len(phrase.lower)))
            and re.fullmatch(r"(?:\s|and|but|just|only|the|keep|want|need|give me|output|with|i|we|please|return|save|leave)*", "".join(rest))
            and re.search(r"\b(?:just|only)\b", "".join(rest))
        ):
            names = list(dict.fromkeys(mention.column.name for mention in found))
            return _listing("select_columns", names, part.span())
    return []


def _saved(phrase: Phrase, scene: Scene) -> list[Wish]:
    """`write only title and body`: nothing but columns behind a verb of writing."""
    found = mentions(phrase, scene.main)
    if not found or not re.search(
        r"\b(?:write|save|export|output|store|return|give (?:me|us)|hand (?:me|us)|"
        r"(?:i|we) (?:only |just )*(?:want|need)|as (?:an? )?(?:csv|tsv|jsonl?|parquet))\b",
        phrase.lower,
    ):
        return []
    rest = list(phrase.lower)
    for mention in found:
        rest[mention.start : mention.end] = " " * (mention.end - mention.start)
    allowed = (
        r"(?:\s|,|\+|&|and|just|only|the|write|save|export|output|store|return|give|hand|me|us|i|we|want|need|please|with|as|an?|csv|jsonl?|parquet|tsv|files?|it|them|to|"
        r"into|in|nothing but)*"
    )
    says_only = len(found) > 1 or re.search(r"\b(?:just|only|with|nothing but)\b", phrase.lower)
    if not re.fullmatch(allowed, "".join(rest)) or not says_only:
        return []
    names = list(dict.fromkeys(mention.column.name for mention in found))
    return _listing("select_columns", names, (0, len(phrase.lower)))


def _rename(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    names: dict[str, str] = {}
    sign = rf"(?:{HIDDEN}+|[A-Za-z_]\w*)"
    said = _called(phrase, scene)
    if said:
        names[said[0]] = said[1]
    for match in re.finditer(
        rf"(?P<old>{sign})\s+(?:to|as|into|->|=>|(?:should|shall|must|is to|has to) be (?:called|named|renamed(?: to| as)?))\s+(?P<new>{sign})",
        _shown(phrase),
    ):
        old, new = _said(phrase, match, "old"), _said(phrase, match, "new")
        column = nearest(old, scene.main)
        if column:
            names[column] = new
        elif re.search(r"\brenam", phrase.lower):
            return Trouble("ask", f"There is no column {old!r} to rename; the data has {', '.join(scene.main.names)}. Which one is meant?")
    if not names:
        return []
    shown = ", ".join(f"{old} to {new}" for old, new in names.items())
    return [Wish(op="rename", id="renamed", stage=COLUMNS, params={"names": names}, span=(0, len(phrase.lower)), evidence=f"rename: {shown}")]


def _called(phrase: Phrase, scene: Scene) -> tuple[str, str] | None:
    """Old and new name in `call A B`, where A is a column."""
    match = _CALLS.search(_shown(phrase))
    column = nearest(_said(phrase, match, "old"), scene.main) if match else None
    return (column, _said(phrase, match, "new")) if match and column else None


def _drop_columns(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    other = re.search(r"\b(?:all )?(?:the )?(?:other|remaining) (?:columns|fields)\b", phrase.lower)
    names = _listed(phrase, scene)
    if other and names:
        return _listing("select_columns", names, (0, len(phrase.lower)))
    joined = list(scene.joined)
    if re.search(r"\b(?:label|joined|added|looked-up|new|extra)\s+(?:columns|fields)\b", phrase.lower) and joined:
        names = joined
    absent = _absent(phrase, scene)
    if absent:
        return Trouble("ask", f"There is no column {absent!r}; the data has {', '.join(scene.main.names)}. Which one is meant?")
    first = next(iter(mentions(phrase, scene.main)), None)
    if first and re.search(r"\b(?:in|(?<!rid )of|by|on|within|per)\s+(?:the\s+|all\s+|columns?\s+|fields?\s+)*$", phrase.lower[: first.start]):
        return []  # `drop the dups in the text column` speaks of what stands there
    if not names or re.search(r"\bduplicat|\bdu(?:ps?|pes?)\b|\bempty\b|\bmissing\b|\bwhere\b|\bwhose\b|\brows\b", phrase.lower):
        return []
    return _listing("drop_columns", names, (0, len(phrase.lower)))


def _listed(phrase: Phrase, scene: Scene) -> list[str]:
    names = list(named(phrase, scene.main))
    for table in scene.references:
        names += [name for name in named(phrase, table) if name not in names]
    return names + [name for name in scene.made if re.search(rf"\b{re.escape(name.lower())}\b", phrase.lower) and name not in names]


def _absent(phrase: Phrase, scene: Scene) -> str | None:
    """A quoted or underscored name that no input has."""
    known = {name for table in scene.tables.values() for name in table.names} | set(scene.made)
    words: list[str] = [*phrase.quoted(), *re.findall(r"\b[A-Za-z]+(?:_[A-Za-z0-9]+)+\b", _shown(phrase))]
    for word in words:
        if word not in known and all(nearest(word, table) is None for table in scene.tables.values()):
            return word
    return None


def _shown(phrase: Phrase) -> str:
    arrows = {place for atom in phrase.atoms if atom.value in ("->", "=>") for place in range(atom.start, atom.end)}
    pairs = enumerate(zip(phrase.text, phrase.lower, strict=True))
    return "".join(HIDDEN if low == HIDDEN and place not in arrows else sign for place, (sign, low) in pairs)


def _said(phrase: Phrase, match: re.Match[str], group: str) -> str:
    atom = next((atom for atom in phrase.atoms if atom.start == match.start(group)), None)
    return atom.value if atom else match[group]
