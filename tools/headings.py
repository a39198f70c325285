"""Headings of texts: Markdown, HTML, and lines that are underlined."""

import re
from dataclasses import dataclass

BEFORE = "\n\n"  # put before a text, so that its first line begins as any other and every alternative but one begins with a line break
HEADING = re.compile(
    r"\A\n\n---[ \t]*\r?\n(?s:.*?)\n(?:---|\.\.\.)[ \t]*\r?$"  # front matter: no headings in it
    r"|\n[ ]{0,3}(?P<fence>`{3,}|~{3,})[^\n]*(?:(?s:.*?)\n[ ]{0,3}(?P=fence)[`~]*[ \t]*\r?$|(?s:.*)\Z)"  # nor in fenced code
    r"|\n[ ]{0,3}(?P<marks>\#{1,6})[ \t]+(?P<marked>[^\n]*?)[ \t]*(?:[ \t]\#+)?[ \t]*\r?$"
    r"|\n(?:(?<=\n\n)|(?<=\n\r\n))(?P<underlined>[^\s#>|*+\-=][^\n]{0,199}?)[ \t]*\r?\n(?P<line>={3,}|-{3,}|~{3,}|\^{3,})[ \t]*\r?$"
    r"|<[hH](?P<level>[1-6])\b[^<>]*>(?P<tagged>(?s:.*?))</[hH](?P=level)\s*>",
    re.MULTILINE,
)
TAG = re.compile(r"<[^<>]*>")
UNDERLINES = "=-~^"
BETWEEN = " > "


@dataclass(frozen=True)
class Section:
    """A part of a text from its heading on, and the headings above it down to its own."""

    start: int
    stop: int
    path: str


def sections(text: str, deepest: int) -> list[Section]:
    """The text cut before each heading of level `deepest` or above; white space before the first one goes with it."""
    marks: list[tuple[int, str]] = [(0, "")]
    path: list[tuple[int, str]] = []
    for found in HEADING.finditer(BEFORE + text):
        level, title = _read(found)
        at = found.start() - len(BEFORE) + (found["level"] is None)
        if not 0 < level <= deepest:
            continue
        path = [*(one for one in path if one[0] < level), (level, title)]
        said = BETWEEN.join(title for _, title in path if title)
        if at == marks[-1][0] or text[marks[-1][0] : at].isspace():
            marks[-1] = (marks[-1][0], said)
        else:
            marks.append((at, said))
    ends = [start for start, _ in marks[1:]] + [len(text)]
    return [Section(start, stop, said) for (start, said), stop in zip(marks, ends, strict=True)]


def _read(found: re.Match[str]) -> tuple[int, str]:
    """Level and title; level 0 for what is no heading."""
    if found["marks"]:
        return len(found["marks"]), found["marked"].strip()
    if found["level"]:
        return int(found["level"]), " ".join(TAG.sub(" ", found["tagged"]).split())
    return (UNDERLINES.index(found["line"][0]) + 1, found["underlined"].strip()) if found["line"] else (0, "")
