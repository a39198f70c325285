"""Finds the columns that a clause speaks of: by name, by plural or parts of it, or by what people call such a column."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from .clauses import Phrase
from .profile import Column, Table

CALLED: dict[str, tuple[str, ...]] = {
    "answer": ("output", "response", "answer", "completion", "reply", "target", "chosen"),
    "reply": ("output", "response", "answer", "completion", "reply"),
    "response": ("response", "output", "answer", "completion", "reply"),
    "completion": ("completion", "output", "response", "answer"),
    "output": ("output", "response", "answer", "completion"),
    "solution": ("solution", "output", "answer", "response"),
    "question": ("question", "instruction", "prompt", "query"),
    "prompt": ("prompt", "instruction", "question", "query"),
    "instruction": ("instruction", "prompt", "question"),
    "query": ("query", "question", "prompt"),
    "perplexity": ("perplexity", "ppl"),
    "headline": ("title", "headline"),
    "heading": ("title", "heading"),
    "topic": ("topic", "category", "label", "class"),
    "category": ("category", "topic", "label", "class"),
    "class": ("class", "label", "category", "topic"),
    "intent": ("intent", "category", "label"),
    "label": ("label", "category", "class", "topic"),
}
_DATA_NOUNS = ("file", "data", "dataset", "set", "table", "corpus", "list", "sheet", "source")
NEW = r"(?:add|create|make|put|append|compute|store|write|save|calculate|derive|attach|into|new|with a|as a|called|named)\b[^,.;]*$"
_SAID = re.compile(
    r"\b(?:columns?|fields?)\s+(?:named\s+|called\s+)?(?P<after>[a-z][a-z0-9]*(?:_[a-z0-9]+)+|[\ue000]+)|"
    r"(?P<before>\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+|[\ue000]+)\s+(?:column|field)\b"
)


@dataclass(frozen=True)
class Mention:
    """A column where a clause names it; `sure` when it can be nothing else."""

    column: Column
    start: int
    end: int
    sure: bool


def mentions(phrase: Phrase, table: Table) -> list[Mention]:
    """Columns named in a clause, left to right, each place once, the longest name first."""
    found: list[Mention] = []
    spelled = [column for column in table.columns if not column.name.isalpha() and column.name.lower() in phrase.lower]
    for column in sorted(table.columns, key=lambda column: (column not in spelled, -len(column.name))):
        for start, end, sure in _places(phrase, column.name):
            if not any(start < other.end and other.start < end for other in found):
                found.append(Mention(column, start, end, sure))
    return sorted(found, key=lambda mention: mention.start)


def named(phrase: Phrase, table: Table) -> list[str]:
    """Names of the columns a clause mentions, each once."""
    return list(dict.fromkeys(mention.column.name for mention in mentions(phrase, table)))


def called(phrase: Phrase, table: Table, kinds: Iterable[str] = ("text",)) -> Column | None:
    """The column that a clause calls by another word: `answers` where there is only an `output`."""
    for noun, names in CALLED.items():
        if re.search(_noun(noun), phrase.lower):
            for name in names:
                column = table.column(name)
                if column and column.kind in kinds:
                    return column
    return None


def text_of(phrase: Phrase, table: Table, at_least: float = 0) -> Column | None:
    """The text column a clause speaks of, of that mean length at least, else the one that holds what the rows are about."""
    own = [mention for mention in mentions(phrase, table) if mention.column.kind == "text" and mention.column.mean_length >= at_least]
    own = [mention for mention in own if not mention.column.labels] or [mention for mention in own if len(table.columns) == 1 or not table.text]
    sure = [mention for mention in own if mention.sure]
    if sure or own:
        return (sure or own)[0].column
    other = called(phrase, table)
    return other if other is not None and not other.labels else table.text


def text_near(phrase: Phrase, table: Table, at: int) -> Column | None:
    """The text column that a bound at this place is about: the last one named before it, else what the whole clause speaks of."""
    named_before = [(mention.end, mention.column) for mention in mentions(phrase, table) if mention.column.kind == "text" and mention.end <= at]
    called_before = [
        (match.end(), column)
        for noun in CALLED
        for match in re.finditer(_noun(noun), phrase.lower[:at])
        if (column := next((found for name in CALLED[noun] if (found := table.column(name))), None)) and column.kind == "text"
    ]
    before = [one for one in (*named_before, *called_before) if not one[1].labels]
    return max(before, key=lambda one: one[0])[1] if before else text_of(phrase, table)


def _noun(noun: str) -> str:
    return rf"\b{noun[:-1] + '(?:y|ies)' if noun.endswith('y') else noun + '(?:e?s)?'}\b"


def missing(phrase: Phrase, table: Table, made: Iterable[str] = ()) -> str | None:
    """A name that the clause calls a column and that the data does not have; names of columns yet to be made are none."""
    for match in _SAID.finditer(phrase.lower):
        if re.search(NEW, phrase.lower[: match.start()]) or re.match(
            r"\s+(?:columns?|field)?\s*(?:with|that holds|holding)", phrase.lower[match.end() :]
        ):
            continue
        at = match.start("after") if match["after"] else match.start("before")
        name = match["after"] or match["before"]
        atom = next((atom for atom in phrase.atoms if atom.start <= at < atom.end), None)
        said = atom.value if atom else phrase.text[at : at + len(name)]
        if atom and atom.kind != "quoted":
            continue
        if nearest(said, table) is None and said not in made:
            return said
    return None


def nearest(name: str, table: Table) -> str | None:
    """The column of this name, spelled a little differently perhaps."""
    plain = {_plain(column): column for column in table.names}
    if _plain(name) in plain:
        return plain[_plain(name)]
    close = get_close_matches(_plain(name), list(plain), n=1, cutoff=0.85)
    return plain[close[0]] if close else None


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower()).removesuffix("s")


def _places(phrase: Phrase, name: str) -> list[tuple[int, int, bool]]:
    if not name.strip():
        return []
    literal = [
        (match.start(), match.end(), True)
        for match in re.finditer(rf"(?<![\w#-]){re.escape(name.lower())}(?![\w-])", phrase.lower)
        if not name.isalpha()
    ]
    if literal:
        return literal
    quoted = [(atom.start, atom.end, True) for atom in phrase.atoms if atom.kind == "quoted" and _plain(atom.value) == _plain(name)]
    parts = [part for part in re.split(r"[^a-z0-9]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()) if part]
    if not parts:
        return quoted
    odd = len(parts) > 1 or any(sign.isdigit() or sign == "_" for sign in name)
    pattern = r"[ _-]?".join(map(re.escape, parts))
    plural = "(?:s|es)?" if not name.endswith("s") else ""
    plain = [
        (match.start(), match.end(), odd or _is_said(phrase.lower, match.start(), match.end()))
        for match in re.finditer(rf"(?<![\w-]){pattern}{plural}(?![\w-])", phrase.lower)
    ]
    if name.lower() in _DATA_NOUNS:
        plain = [one for one in plain if not _is_data(phrase.lower, one[0], one[1])]
    return quoted + plain


def _is_data(lower: str, start: int, end: int) -> bool:
    """`the longest in this file` speaks of the input, no matter what its columns are called."""
    which = re.search(
        r"\b(?:this|that|these|my|your|our|an?|each|both|two|second|first|other|whole|entire|one|separate|new|single|csv|in the|of the)\s+$",
        lower[:start],
    )
    return bool(which) and not re.match(r"\s+(?:columns?|fields?|names?|is|are|has|must|starts?|ends?|contains?|equals?)\b|\s*[=<>!]", lower[end:])


def _is_said(lower: str, start: int, end: int) -> bool:
    before = re.search(r"\b(?:columns?|fields?|in|of|by|on|the|whose|where)\s+$", lower[:start])
    return bool(before) or bool(re.match(r"\s+(?:column|field|is|are|has|equals|must)\b", lower[end:]))
