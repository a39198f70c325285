"""Reads questions about what became of a row: `why was row 17 dropped?`, `what happen(?:s|ed) to line 12 of mail.jsonl`."""

import re

from agents.turns import Situation, Turn

from .said import Said

_ASKS = re.compile(
    r"(?:why|how come|what happen(?:s|ed)|what became|where|what about|explain|trace|tell me (?:about|why)|what's up with|which step|who|"
    r"what (?:dropped|removed|did))\b"
)
_NUMBER = re.compile(
    r"\b(?:row|record|example|item|entry|number|no\.?|message|document|sample)\s*(?:number\s*|no\.?\s*|#\s*)?(?P<row>\d+(?:\.\d+)?)\b|"
    r"(?<!\w)#\s?(?P<mark>\d+(?:\.\d+)?)\b"
)
_PLACE = re.compile(r"(?P<file>[\w./-]+\.\w+):(?P<line>\d+)\b")
_LINE = re.compile(
    r"\bline\s*(?:number\s*|no\.?\s*|#\s*)?(?P<line>\d+)\b(?:\s+(?:of|in|from)\s+(?:the\s+file\s+|file\s+|the\s+)?(?P<file>[\w./-]+))?"
)
_BARE = re.compile(r"(?:why|trace|explain)\s+(?P<row>\d+(?:\.\d+)?)")
_FATE = (
    r"gone|dropped|removed|missing|deleted|kept|filtered(?: out)?|thrown (?:out|away)|lost|not (?:there|kept|in(?: there| the output| "
    r"it)?)|still (?:there|in|in there|here)|merged|excluded|left out|disappear(?:ed)?|go|vanish(?:ed)?|rejected|quarantined|out|survive"
)
_AFTER = re.compile(
    r"(?:row|line|record|message|example)\s*#?(?P<row>\d+(?:\.\d+)?)\s+(?:is|was|got|has been|went|isn't there|wasn't kept)?\s*"
    rf"(?:{_FATE})?,?\s*(?:but )?(?:why|how come)"
)
_ABOUT = re.compile(
    rf"(?:why|how come|where)\s+(?:is|was|were|are|did|has|have|does|do)\s*(?:you |it |we )?(?:drop|remove|throw out|delete|lose|keep|"
    rf"filter(?: out)?|kick out|exclude|been )?\s*"
    rf"(?:the |that |this |my )?(?:row|one|message|record|document|text|line|example|review|article|email|e-mail|post|comment|question|item|"
    rf"entry|sample)s?\s+"
    rf"(?:about|with|on|saying|that says|which says|containing|that contains|starting with|that starts with|where it says|called|titled|of|"
    rf"from|mentioning|that mentions)\s+(?P<words>.+?)"
    rf"(?:\s+(?:is |was |been |being |get )?(?:{_FATE}))?"
)
_QUOTED = re.compile(rf"(?:why|how come|where|what happen(?:s|ed) to|what became of)\b.*?(?P<quote>\ue000+).*?(?:{_FATE})?")
_ROWS = re.compile(r"\b(?:dropp?\w*|remov\w*|gone|delet\w*|kept|keep|lost|lose|missing|filter\w*|thrown|happen\w*|became|went|merged|still)\b")


def read(said: Said, raw: str, situation: Situation) -> Turn | None:
    """Such a question; `of` is a row's number, FILE:LINE, or words that stand in the row."""
    text = said.lower.strip(" .!?")
    of = row(text, said)
    if of:
        return Turn(kind="order", order="why", of=of, counts=False)
    return None


def row(text: str, said: Said) -> str:
    """The row that a question is about; empty where it is no such question."""
    lone = re.fullmatch(r"(?:row|line)\s+#?(\d+(?:\.\d+)?)", text)
    if lone:
        return lone[1]
    after = _AFTER.fullmatch(text)
    if after:
        return after["row"]
    if not _ASKS.match(text):
        return ""
    place, line = _PLACE.search(text), _LINE.search(text)
    if place:
        at = said.text.lower().find(place[0])
        return said.text[at : at + len(place[0])] if at >= 0 else place[0]
    if line:
        at = said.text.lower().find(line["file"]) if line["file"] else -1
        file = said.text[at : at + len(line["file"])] if line["file"] and at >= 0 else ""
        return f"{file.rstrip('.?!,')}:{line['line']}" if file and "." in file else line["line"]
    number = _NUMBER.search(text) or _BARE.fullmatch(text)
    if number:
        return next(group for group in number.groups() if group)
    about = _ABOUT.fullmatch(text)
    quoted = said.phrase.quoted()
    if quoted and (about or (_QUOTED.fullmatch(text) and _ROWS.search(text))):
        return quoted[0]
    if about:
        start, end = about.span("words")
        return said.text[start:end].strip(" ?.!")
    return ""
