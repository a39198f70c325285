"""Plain text of wiki text: templates, files and categories go, links keep their words, tables become rows."""

import re

from tools.rewrites.strip_html import plain as without_tags

from .spans import Kept, hold, restored

COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
LITERAL = re.compile(r"<(?P<name>nowiki|pre|syntaxhighlight|source)\b[^>/]*>(?P<said>.*?)</(?P=name)\s*>", re.DOTALL | re.IGNORECASE)
MATHS = re.compile(r"<(?P<name>math|chem)\b[^>/]*>(?P<said>.*?)</(?P=name)\s*>", re.DOTALL | re.IGNORECASE)
NOTES = re.compile(
    r"<ref\b[^>]*/>|<ref\b[^>/]*(?:/(?!>)[^>/]*)*>.*?</ref\s*>|<(gallery|timeline|score|imagemap)\b[^>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE
)
BRACES = re.compile(r"\{\{|\}\}|\{\|(?!\})|\|\}(?!\})")
LINK = re.compile(r"\[\[(?P<to>[^\[\]|]*)(?:\|(?P<said>[^\[\]]*))?\]\]")
UNSAID = re.compile(
    r"\s*:?(?:file|image|category|media|datei|bild|kategorie|fichier|catégorie|archivo|categoría|файл|категория|文件|分类|ファイル|カテゴリ)\s*:",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"\[(?:https?:|ftp:|mailto:)?//?[^\s\]]+(?:[ \t]+(?P<said>[^\]\n]*))?\]")
HEADING = re.compile(r"^(={1,6})[ \t]*(.+?)[ \t]*\1[ \t]*$", re.MULTILINE)
LIST = re.compile(r"^[*#:;]+[ \t]*", re.MULTILINE)
MAGIC = re.compile(r"__[A-Z]{3,}__|^#(?:REDIRECT|WEITERLEITUNG)\b", re.MULTILINE)
EMPHASIS = re.compile(r"'{2,5}")
ATTRIBUTES = re.compile(r"^[^\[\]{}|\n]*=[^\[\]{}|\n]*\|(?!\|)")
GAPS = re.compile(r"\n{3,}")
BLANKS = re.compile(r"(?<=\S)[ \t]{2,}")
NESTED = 8


def plain(text: str, *, code: bool = True) -> str:
    """The text without wiki marks."""
    kept = Kept(text)
    text = COMMENT.sub("", text)
    text = LITERAL.sub(lambda match: hold(kept, match["said"].strip("\n")) if code or match["name"].lower() == "nowiki" else "", text)
    text = MATHS.sub(lambda match: hold(kept, match["said"].strip()), text)
    text = _without_templates(NOTES.sub("", text))
    for _ in range(NESTED if "[[" in text else 0):
        text, many = LINK.subn(_said, text)
        if not many:
            break
    text = ADDRESS.sub(lambda match: match["said"] or "", text)
    text = MAGIC.sub("", HEADING.sub(r"\n\2\n", EMPHASIS.sub("", text)))
    text = LIST.sub(lambda match: "- " if match[0][0] in "*#" else "", text)
    return restored(GAPS.sub("\n\n", BLANKS.sub(" ", without_tags(text))).strip(), kept)


def _said(match: re.Match[str]) -> str:
    if UNSAID.match(match["to"]):
        return match["to"].strip()[1:] if match["to"].lstrip().startswith(":") else ""
    said = match["said"]
    return match["to"].split("#")[0] if said is None else said


def _without_templates(text: str) -> str:
    """The text without `{{…}}`, and with `{|…|}` as rows; what is never closed stays."""
    marks = list(BRACES.finditer(text))
    closed = _pairs(marks)
    found, at, place = [], 0, 0
    while place < len(marks):
        mark, end = marks[place], closed.get(place)
        if end is None or mark.start() < at:
            place += 1
            continue
        found.append(text[at : mark.start()])
        if mark[0] == "{|":
            found.append(
                _rows(_without_templates(text[mark.end() : marks[end].start()]) if end > place + 1 else text[mark.end() : marks[end].start()])
            )
        at, place = marks[end].end(), end + 1
    return "".join([*found, text[at:]])


def _pairs(marks: list[re.Match[str]]) -> dict[int, int]:
    """Which opening mark the outermost closing ones belong to."""
    open_, found = list[int](), dict[int, int]()
    for place, mark in enumerate(marks):
        if mark[0].startswith("{"):
            open_.append(place)
            continue
        wanted = "{|" if mark[0] == "|}" else "{{"
        if open_ and marks[open_[-1]][0].startswith(wanted):
            found[open_.pop()] = place
    return found


def _rows(table: str) -> str:
    """Cells of one row beside each other."""
    rows: list[list[str]] = [[]]
    for line in table.split("\n")[1:]:
        given = line.strip()
        if given.startswith("|-"):
            rows.append([])
        elif given.startswith(("|+", "|", "!")):
            cells = re.split(r"\|\||!!", given.lstrip("|!+"))
            rows[-1] += [ATTRIBUTES.sub("", cell).strip() for cell in cells]
        elif given and rows[-1]:
            rows[-1][-1] = f"{rows[-1][-1]} {given}".strip()
    return "\n" + "\n".join(" | ".join(row) for row in rows if any(row)) + "\n"
