"""Texts that must have lost something: no e-mail address, tag or curly quote is left where the clause says so."""

import re
from collections.abc import Callable

from .findings import Check, Claim, Filter, Finding, RowTest, shown, unknown
from .ground import Ground, Row
from .marks import MARKS, Mark, pattern
from .said import Said

_CLEANS = (
    r"strip\w*|mask\w*|replac\w+|redact\w*|anonymi[sz]e\w*|pseudonymi[sz]e\w*|scrub|censor|hide|hash|clean|repair|fix|straighten|convert|turn|"
    r"unescape|"
    r"(?:curly |smart )?quotes(?= (?:in)?to )|remov\w+|delet\w+|drop|take out|get rid of|cut|make|trim|no"
)
_ROWS = re.compile(
    r"\b(?:rows?|texts?|messages?|tweets?|comments?|documents?|pages?|posts?|items?|examples?|reviews?|sentences?|records?|everything|all|any|"
    r"every \w+|what\w*|those)"
    r"(?:\s+(?:of|out|away|that|which|those))*\s+(?:with|that (?:ha(?:s|ve)|contain\w*)|containing|which|having|in which|where|contain\w*|from)\b"
)
_FAKE = re.compile(r"\b(?:fake|realistic|surrogate|count|number of|column|how many|at least (?!one\b)|at most|share|valid|format|front of)\b")
_ONE_LINE = re.compile(r"\b(?:on|in|into|to) (?:one|a) (?:single )?line\b|\bone-line\b|\bsingle line\b")
_BLANKS = re.compile(
    r"\b(?:collapse|squeeze|normali[sz]e|tidy)\b[^.;]{0,30}\b(?:white ?space|blanks?|spaces?)\b|\b(?:white ?space|blanks?|spaces?) (?:collapsed|"
    r"squeezed)\b"
)
_LOWER = re.compile(r"(?<!or )\blower-? ?case[ds]?\b(?! or upper)(?! letters)")
_UPPER = re.compile(r"(?<!or )\bupper-? ?case[ds]?\b(?! or lower)(?! letters)")
_PERSONAL = re.compile(r"\b(?:personal (?:data|information|details)|contact details|anonymi[sz]e\w*|nothing personal)\b")
_TAIL = re.compile(r"(?:\s+in \w+)?(?:\s+(?:are|is) left)?\s+(?:with|by|as|through)\s+(?:the )?(?:\ue000+|[a-z*]+)(?=[ ,.;!]|$)|\s*\((?:[^()]*)\)")


def read(said: Said) -> list[Check]:
    """`mask the e-mail addresses`, `strip HTML`, `lower-case the title`, `replace X with Y`."""
    found: list[Check] = []
    for match, check in (
        *_by(_ONE_LINE, said, _mark("line break", r"\n(?=[\s\S]*\S)")),
        *_by(_BLANKS, said, _mark("run of blanks", r"(?<=\S)[ \t]{2,}(?=\S)")),
        *_by(_LOWER, said, Mark("", "capital letter", lambda text: sum(a != b for a, b in zip(text, text.lower(), strict=False)), 0.02)),
        *_by(_UPPER, said, Mark("", "small letter", lambda text: sum(a != b for a, b in zip(text, text.upper(), strict=False)), 0.05)),
    ):
        found.append(Claim(match.start(), match.end(), check, True))
    return found or _replaced(said) or _marked(said)


def _by(cue: re.Pattern[str], said: Said, mark: Mark) -> list[tuple[re.Match[str], Callable[[Ground], Finding]]]:
    match = cue.search(said.lower)
    return [(match, _none_left(said, (mark,)))] if match else []


def _mark(name: str, text: str) -> Mark:
    return Mark("", name, pattern(text), 0.02)


def _replaced(said: Said) -> list[Check]:
    """`replace every #39; with an apostrophe`: what stands in quotes, or is an odd sign, is gone."""
    verb = re.search(r"\breplace\b|\bremove\b|\bdelete\b|\btake out\b|\bstrip\b", said.lower)
    if verb is None:
        return []
    atoms = [atom for atom in said.phrase.atoms if atom.start >= verb.end() and not any(one.start <= atom.start < one.end for one in said.columns)]
    first = atoms[0] if atoms else None
    if first and first.kind in ("quoted", "entity", "mark") and verb[0] == "replace" and re.search(r"\b(?:with|by)\b", said.lower[first.end :]):
        if len(atoms) > 1 and first.value.lower() in atoms[1].value.lower():
            return []
        mark = Mark("", shown(first.value), pattern(re.escape(first.value)), 0.02)
        return [Claim(verb.start(), len(said.lower), _none_left(said, (mark,)))]
    if (
        first
        and first.kind == "delimited"
        and (ends := re.fullmatch(r"(\W{1,2})(.*?)(\W{1,2})", first.value))
        and re.search(r"\b(?:like|such as|in|between)\s*$", said.lower[: first.start])
    ):
        mark = Mark("", f"{ends[1]}…{ends[3]}", pattern(f"{re.escape(ends[1])}[^\\n]{{1,80}}?{re.escape(ends[3])}"), 0.02)
        return [Claim(verb.start(), first.end, _none_left(said, (mark,)))]
    return []


def _marked(said: Said) -> list[Check]:
    """Marks that the clause names: a filter where it speaks of rows that have them, else none may be left."""
    if _FAKE.search(said.lower):
        return []
    verb = re.search(rf"\b(?:{_CLEANS})\b", said.lower)
    places = [(match, mark) for mark in MARKS for match in re.finditer(rf"(?<![\w/-])(?:{mark.words})(?![\w-])", said.lower)]
    once = {one.start for one in said.columns if sum(other.name == one.name for other in said.columns) == 1}  # `strip the HTML from field html`
    places = [(match, mark) for match, mark in places if not any(one.start <= match.start() < one.end and one.start in once for one in said.columns)]
    match = _PERSONAL.search(said.lower)
    if match and not places and (verb or re.search(r"\bwon't allow|not allow|may leave\b", said.lower)):
        start = 0 if verb is None else min(verb.start(), match.start())
        return [Claim(start, match.end(), _none_left(said, tuple(mark for mark in MARKS if mark.name in ("e-mail address", "IBAN", "card number"))))]
    if not places:
        return []
    start, end = min(match.start() for match, _ in places), max(match.end() for match, _ in places)
    marks = tuple(dict.fromkeys(mark for _, mark in places))
    tail = _TAIL.match(said.lower[end:]) or re.match(r"\s+(?:in)?to (?:straight|plain)(?: ones| quotes)?", said.lower[end:])
    end += tail.end() if tail else 0
    rows = _ROWS.search(said.lower)
    if rows and rows.end() <= start + 1 and said.way:
        wanted = said.wanted(start)
        return [] if wanted is None else [Filter(rows.start(), end, tuple(_has(name, marks, wanted) for name in said.texts(start)))]
    if verb is None or said.way == "keep" or verb.start() > start:
        return []
    changes = re.match(r"strip|mask|replac|redact|anonym|pseudonym|scrub|hash|convert|turn|repair|fix|straighten", verb[0]) is not None
    return [Claim(verb.start(), end, _none_left(said, marks), changes)]


def _has(column: str, marks: tuple[Mark, ...], wanted: bool) -> RowTest:
    """So where a plain one is seen. That none is there is not said of things that take many forms."""
    plain = all(mark.name in ("e-mail address", "web address", "@mention", "HTML tag") for mark in marks)

    def judge(row: Row) -> bool | None:
        value = row[column]
        if not isinstance(value, str):
            return None
        if any(mark.count(value) for mark in marks):
            return True
        return False if plain and not re.search(r"@|https?|www|[<>]| at | dot ", value) else None

    return RowTest((column,), judge, f"with {' or '.join(mark.name for mark in marks)} in {column}", wanted)


def _none_left(said: Said, marks: tuple[Mark, ...]) -> Callable[[Ground], Finding]:
    def check(ground: Ground) -> Finding:
        told = [_of_mark(said, ground, mark) for mark in marks]
        worst = next((one for verdict in ("fails", "unknown") for one in told if one.verdict == verdict), told[0])
        return Finding(worst.verdict, "; ".join(one.says for one in ([worst] if worst.verdict == "fails" else told)))

    return check


def _of_mark(said: Said, ground: Ground, mark: Mark) -> Finding:
    names = [name for name in said.texts() if name in ground.out.types]
    found = [_left(ground, name, (mark,)) for name in names]
    had = [finding for finding, before in found if before] or [finding for finding, _ in found]  # a column that never held any tells nothing
    return next((one for one in had if one.verdict == "holds"), had[0] if had else unknown("no such column goes out"))


def _left(ground: Ground, column: str, marks: tuple[Mark, ...]) -> tuple[Finding, int]:
    """How many output rows still hold one of these, beside how many of them did before."""
    left = had = 0
    example = ""
    values = ground.out.values(column)
    most = max(mark.most_left for mark in marks)
    for at in ground.out.picked():
        value, before = values[at], ground.origin(at)
        source = before.get(column) if before is not None else None
        had += isinstance(source, str) and any(mark.count(source) for mark in marks)
        if isinstance(value, str) and any(mark.count(value) for mark in marks):
            left += 1
            example = example or f", e.g. {ground.name_of(ground.out.number[at])}"
    names = " or ".join(mark.name for mark in marks)
    looked = len(ground.out.picked())
    says = f"{left} of {looked} rows hold {_a(names)} in {column}, {had} did before"
    if not looked:
        return unknown("no row goes out"), had
    if not left:
        return Finding("holds", says), had
    return Finding("fails" if left > most * max(had, 1) + 0.5 else "unknown", says + example), had


def _a(noun: str) -> str:
    return f"{'an' if noun[:1] in 'aeioAEIO' else 'a'} {noun}"
