"""Says a goal in plainer words before it is read: other verbs, other voices and shorthand become the wording that the readers know.

What is quoted, a regex or a placeholder is left as it stands.
"""

import re

from .clauses import atoms_of, hide
from .phrasing import Phrasing
from .phrasings import CODE, CODES
from .phrasings import PHRASINGS as FIRST
from .phrasings_of_steps import PHRASINGS as THEN

MOST_CHARACTERS = 4000  # turns look over whole sentences: what is longer is read as it is


def plain(goal: str) -> str:
    """The same goal, said in the words that are read."""
    if len(goal) > MOST_CHARACTERS:
        return goal
    text, lower = goal, _hidden(goal)
    for turn in (*FIRST, *THEN):
        if turn.said.search(lower):
            text = _turned(text, lower, turn)
            lower = _hidden(text)
    return text


def _hidden(text: str) -> str:
    """In lower case, with all that is quoted hidden; an arrow is a word here."""
    return hide(text, [one for one in atoms_of(text) if one.value not in ("->", "=>")])


def _turned(text: str, lower: str, turn: Phrasing) -> str:
    made, last = [], 0
    for match in turn.said.finditer(lower):
        made += [text[last : match.start()], _filled(turn.plain, match, text)]
        last = match.end()
    return "".join([*made, text[last:]])


def _filled(template: str, match: re.Match[str], text: str) -> str:
    def value(found: re.Match[str]) -> str:
        name, _, form = found[1].partition(":")
        words = text[slice(*match.span(name))] if match[name] is not None else ""
        return _FORMS[form](words) if form else _languages(words) if name == "codes" else words

    return re.sub(r"\{(\w+(?::\w+)?)\}", value, template)


def _languages(words: str) -> str:
    return re.sub(rf"\b(?:{CODE})\b", lambda code: CODES[code[0]], words)


def _file(words: str) -> str:
    return {"one": "the first file", "two": "the second file", "three": "the third file"}[words]


def _place(words: str) -> str:
    """Where something stands, as told before it: `at the top of text`, `every page`, `the answers`."""
    named = re.search(r"\b(?:of|in) (?P<name>[a-z]\w*)\s*$", words.strip(" ,").lower())
    return named["name"] if named else words.strip(" ,").removeprefix("The ").removeprefix("the ") or "the text"


def _end(words: str) -> str:
    return "top" if re.match(r"from (?:high|large|big|best)|desc|in desc|highest", words.lower()) else "lowest"


_FORMS = {"file": _file, "place": _place, "end": _end}
