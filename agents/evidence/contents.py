"""What a text must contain: words, patterns, a start or an end, a site; judged by Python's own string and regex functions."""

import re
from collections.abc import Callable

from .findings import Check, Filter, RowTest, shown
from .ground import Row
from .said import Said

_HAS = re.compile(
    r"\b(?:contain\w*|mention\w*|includ\w+|match\w*|hav(?:e|ing)|has|with|speaks? of)\s+(?:the |a |an |any of |one of |any |words? |phrases? |"
    r"strings? |text |term |regex |regexp |regular expression |pattern )*"
)
_START = re.compile(r"\b(?:starts?|begins?|starting|beginning) with\s+(?:an? |the )?")
_END = re.compile(r"\b(?:ends?|ending) (?:with|in)\s+(?:an? |the )?")
_LIST = re.compile(r"\s*(?:,\s*(?:or\s+|and\s+)?|\s(?:or|and)\s+)")
_SITES = re.compile(r"\b(?:from|of|on) ((?:[a-z0-9-]+\.)+[a-z]{2,}(?:(?:,\s*|,? (?:and|or) )(?:[a-z0-9-]+\.)+[a-z]{2,})*)")
_SAYS = re.compile(r"\bmention\w*\s+(?:any of |one of |the words? |the )*(?P<list>[\w'-]+(?:(?:,\s*(?:or |and )?| or | and )[\w'-]+)*)")


def read(said: Said) -> list[Check]:
    """`that mention any of prize, cash`, `matching the regex …`, `starting with RT`, `from spiegel.de`."""
    return _sites(said) or _signs(said) or _ends(said) or _quoted(said) or _bare(said)


def _make(said: Said, start: int, end: int, judge: Callable[[str], bool | None], says: str, names: list[str] | None = None) -> list[Check]:
    wanted = said.wanted(start)
    names = names if names is not None else said.texts(start)
    if wanted is None or not names:
        return []
    return [Filter(start, end, tuple(RowTest((name,), _on(name, judge), f"{says} in {name}", wanted) for name in names))]


def _on(column: str, judge: Callable[[str], bool | None]) -> Callable[[Row], bool | None]:
    def of(row: Row) -> bool | None:
        value = row[column]
        return judge(value) if isinstance(value, str) else None

    return of


def _sites(said: Said) -> list[Check]:
    match = _SITES.search(said.lower)
    if match is None:
        return []
    hosts = re.findall(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", match[1])

    def judge(url: str) -> bool | None:
        host = re.match(r"(?:\w+://)?(?:[^/@]*@)?([^/:?#]+)", url.strip().lower())
        return None if host is None else any(host[1] == one or host[1].endswith(f".{one}") for one in hosts)

    urls = [name for name in said.ground.given.texts() if any(re.match(r"\w+://|www\.", str(value)) for value in said.ground.given.values(name)[:20])]
    return _make(said, match.start(), match.end(), judge, f"from {' or '.join(hosts)}", urls)


def _signs(said: Said) -> list[Check]:
    """`that contain a question mark`."""
    match = re.search(r"\b(?:contain\w*|with|having|ha(?:s|ve)) (?:an? |any )?(?P<sign>question|exclamation) marks?\b", said.lower)
    if match is None:
        return []
    sign = "?" if match["sign"] == "question" else "!"
    return _make(said, match.start(), match.end(), lambda text: sign in text, f"with {sign!r}")


def _ends(said: Said) -> list[Check]:
    for cue, at_start in ((_START, True), (_END, False)):
        match = cue.search(said.lower)
        if match is None:
            continue
        atom = next((atom for atom in said.phrase.atoms if atom.start == match.end()), None)
        bare = re.match(r"[\w#@!?.-]+", said.text[match.end() :])
        value = atom.value if atom else bare[0].rstrip(".") if bare else ""
        if not value or (atom is None and value.islower()):
            return []
        end = atom.end if atom else match.end() + len(value)
        return _make(said, match.start(), end, _edge(value, at_start), f"{'starting' if at_start else 'ending'} with {shown(value)}")
    return []


def _edge(value: str, at_start: bool) -> Callable[[str], bool | None]:
    def judge(text: str) -> bool | None:
        stripped = text.strip()
        has = str.startswith if at_start else str.endswith
        if has(text, value) and has(stripped, value):
            return None if value[-1:].isalnum() and at_start and stripped[len(value) :][:1].isalnum() else True
        return False if not has(stripped.casefold(), value.casefold()) else None

    return judge


def _quoted(said: Said) -> list[Check]:
    """Words in quotes, or a regex, behind `contain`, `mention`, `match`."""
    for match in _HAS.finditer(said.lower):
        atoms = []
        at = match.end()
        while atom := next((one for one in said.phrase.atoms if one.start == at and one.kind in ("quoted", "regex")), None):
            atoms.append(atom)
            between = _LIST.match(said.lower[atom.end :])
            at = atom.end + (between.end() if between else 0)
        if not atoms or any(one.start <= atoms[0].start < one.end for one in said.columns):
            continue
        if len(atoms) > 1 and " and " in said.lower[match.end() : atoms[-1].end]:
            return []
        regex = len(atoms) == 1 and (atoms[0].kind == "regex" or "regex" in match[0] or "regular" in match[0] or "pattern" in match[0])
        judge = _matches(atoms[0].value) if regex else _words([atom.value for atom in atoms])
        return _make(said, match.start(), atoms[-1].end, judge, f"with {' or '.join(shown(atom.value) for atom in atoms)}") if judge else []
    return []


def _matches(pattern: str) -> Callable[[str], bool | None] | None:
    try:
        exact, loose = re.compile(pattern), re.compile(pattern, re.I | re.M)
    except re.error:
        return None

    def judge(text: str) -> bool | None:
        return True if exact.search(text) else None if loose.search(text) else False

    return judge


def _words(values: list[str]) -> Callable[[str], bool | None]:
    """As a word of its own in the same case: so. Not even as a part of one, in any case: not so."""
    sure = re.compile("|".join(rf"(?<!\w){re.escape(value)}(?!\w)" for value in values))
    low = [value.casefold() for value in values]

    def judge(text: str) -> bool | None:
        if sure.search(text):
            return True
        folded = text.casefold()
        return None if any(value in folded for value in low) else False

    return judge


def _bare(said: Said) -> list[Check]:
    """`that mention any of prize, cash or claim`."""
    match = _SAYS.search(said.lower)
    if match is None or "\ue000" in match["list"]:
        return []
    values = [value for value in re.split(r",\s*(?:or |and )?| or | and ", said.text[match.start("list") : match.end("list")]) if value]
    if any(value.lower() in ("a", "an", "the", "any", "some", "cookies") for value in values) or (len(values) > 1 and " and " in match["list"]):
        return []
    return _make(said, match.start(), match.end(), _words(values), f"with {' or '.join(map(shown, values))}")
