"""Which language a text is in, told by its script and its small words: another way than winnow's model, and silent where it is not plain."""

import re
from functools import cache

from agents.rules.languages import NAMES, RARE, named, of_countries
from tools.measures.stop_words import LISTS

from .findings import Check, Filter, RowTest
from .ground import Row
from .said import Said

READ = 600  # characters
LETTERS = 20
HITS = 4
SLACK = 0.02  # a guess by small words: code, tables and names mislead it now and then
CLEAR = 1.6  # times as many small words of this language as of the next
_SCRIPTS: tuple[tuple[str, frozenset[str]], ...] = (
    ("\u3040-\u30ff", frozenset(["ja"])),
    ("\uac00-\ud7af", frozenset(["ko"])),
    ("\u3400-\u9fff", frozenset(["zh", "ja", "yue"])),
    ("\u0e00-\u0e7f", frozenset(["th"])),
    ("\u0370-\u03ff", frozenset(["el"])),
    ("\u0590-\u05ff", frozenset(["he", "yi"])),
    ("\u0600-\u06ff", frozenset(["ar", "fa", "ur", "ps", "ku"])),
    ("\u0900-\u097f", frozenset(["hi", "mr", "ne"])),
    ("\u0400-\u04ff", frozenset(["ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn"])),
)
_OTHER = re.compile(r"\b(?:translat\w*|programming|code|column|same language|different languages?|mix|letters|script|detect|label|add)\b")


def read(said: Said) -> list[Check]:
    """`only German`, `drop what isn't in Turkish`, `the languages of Spain and France`."""
    if _OTHER.search(said.lower):
        return []
    places = named(said.lower)
    codes = {code for code, _, _ in places}
    start, end = (places[0][1], max(one[2] for one in places)) if places else (0, 0)
    if not places:
        where = re.search(r"\blanguages?\b.*\b(?:there|spoken)\b", said.lower)
        codes = set(of_countries(said.ground.goal.lower())) if where else set()
        start, end = where.span() if where else (0, 0)
    wanted = said.wanted(start) if codes else None
    if wanted is None or any(value.casefold() in _names(codes) for value in _labels(said)):
        return []
    texts = [name for name in said.texts(start) if name not in {one.name for one in said.columns if one.end > start}] or said.texts(start)
    return [Filter(start, end, tuple(_test(name, frozenset(codes), wanted) for name in texts))]


def _labels(said: Said) -> set[str]:
    """Values that come in: where a column names languages, the clause may be about that."""
    side = said.ground.given
    return {value for name in side.texts() if side.length(name) < LETTERS for value in side.values(name)[:1000] if isinstance(value, str)}


def _names(codes: set[str]) -> set[str]:
    return codes | {NAMES[code] for code in codes if code in NAMES}


def _test(column: str, codes: frozenset[str], wanted: bool) -> RowTest:
    def judge(row: Row) -> bool | None:
        value = row[column]
        found = guess(value) if isinstance(value, str) else None
        if found is None:
            return None
        return True if found <= codes else None if found & codes or codes & RARE else False

    says = f"in {' or '.join(sorted(NAMES.get(code, code).title() for code in codes))} (by script and small words of {column})"
    return RowTest((column,), judge, says, wanted, SLACK)


def guess(text: str) -> frozenset[str] | None:
    """The language, or those that it can be; none where it is not plain."""
    head = text[:READ].lower()
    letters = sum(sign.isalpha() for sign in head)
    if letters < LETTERS:
        return None
    for signs, codes in _SCRIPTS:
        if len(re.findall(f"[{signs}]", head)) > 0.5 * letters or (codes == {"ja"} and len(re.findall(f"[{signs}]", head)) > 0.2 * letters):
            return codes
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", head)
    counts = sorted(((sum(word in small for word in words), code) for code, small in _small_words().items()), reverse=True)
    (most, code), (next_, _) = counts[0], counts[1]
    return frozenset([code]) if most >= HITS and most >= CLEAR * next_ and most >= 0.15 * len(words) else None


@cache
def _small_words() -> dict[str, frozenset[str]]:
    return {code: frozenset(text.split()) for code, text in LISTS.items()}
