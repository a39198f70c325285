"""Finds the final answer in a worked solution: what is boxed, what stands behind `####` or `the answer is`, else the last number."""

import re
import unicodedata

SHORT = 60  # characters: a text of one line that is no longer is an answer itself
LONGEST = 300  # characters of an answer; what is longer was cut off too late
MOST_BOXES = 8  # that were never closed
TAIL = 20_000  # characters at the end in which the answer is looked for

_BOXED = re.compile(r"\\(?:boxed|fbox)\s*\{")
_HASHES = re.compile(r"#{3,}[ \t]*")
_MARKS = re.compile(
    r"(?:^[ \t>*_-]*A(?:ns(?:wer)?)?[ \t*_]*[:：]"
    r"|\b(?:answer|(?:the|our|final)\s+(?:result|solution)|Antwort|Ergebnis|L[öo]sung|respuesta|resultado|r[ée]ponse|r[ée]sultat|risposta)s?\b"
    r"[ \t*_]*"
    r"(?:(?:to|of|for)\b[^.:\n]{0,80}?)?(?:is\b|are\b|=|[:：]|ist\b|lautet\b|es\b|est\b|[èé](?=\s))+(?:[ \t]*[:：])?"
    r"|(?:答案|最终答案|结果|答)(?:就?是|为|等于)?[:：]?(?=\s*\S))[ \t*_]*",
    re.MULTILINE | re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=\S)[.!。](?:\s+(?=\S)|\s*$)|\n")
_NUMBER = re.compile(r"(?:(?<![\w.])[-−])?[$€£¥]?\d[\d,]*(?:\.\d+)?(?:\s*/\s*\d+)?(?:\s?(?:%|percent\b))?")
_LATEX_OUTSIDE = re.compile(r"^(?:\$\$?|\\\(|\\\[)\s*|\s*(?:\$\$?|\\\)|\\\])(?=[.\s]*$)")


def final_answer(text: str) -> str | None:
    """The answer as it stands, math signs around it aside; none where the text gives no answer."""
    tail = text[-TAIL:]
    boxed = _boxed(tail)
    if boxed is not None:
        return _bare(boxed)
    for mark in (_HASHES, _MARKS):
        marks = list(mark.finditer(tail))
        if marks:
            said = _sentence(tail[marks[-1].end() :]).rstrip("!")  # no factorial: somebody is glad
            if said:
                return _bare(said)
    stripped = text.strip()
    if len(stripped) <= SHORT and "\n" not in stripped:
        return _bare(stripped) or None
    numbers = _NUMBER.findall(unicodedata.normalize("NFKC", tail))
    return numbers[-1].rstrip(",") if numbers else None


def _boxed(text: str) -> str | None:
    """What stands in the last box that is closed."""
    for opened in list(_BOXED.finditer(text))[: -MOST_BOXES - 1 : -1]:
        depth = 1
        for at in range(opened.end(), len(text)):
            depth += {"{": 1, "}": -1}.get(text[at], 0) if text[at - 1] != "\\" else 0
            if not depth:
                return text[opened.end() : at][:LONGEST]
    return None


def _sentence(text: str) -> str:
    found = _SENTENCE_END.search(text.lstrip())
    return (text.lstrip()[: found.start()] if found else text.strip())[:LONGEST].strip()


def _bare(text: str) -> str:
    text = text.strip().strip("*_` ").strip()
    while (less := _LATEX_OUTSIDE.sub("", text).strip()) != text and text.count("$") != 1:
        text = less
    return text.strip("*_` ").strip()
