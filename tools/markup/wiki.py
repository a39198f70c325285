"""Plain text of wiki text: templates, files and categories go, links keep their words, tables become rows."""

import re

from tools.rewrites.strip_html import plain as without_tags

from .spans import Kept, cut, hold, restored

COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
LITERAL = re.compile(r"<(?P<name>nowiki|pre|syntaxhighlight|source)\b[^<>/]*>", re.IGNORECASE)
MATHS = re.compile(r"<(?P<name>math|chem)\b[^<>/]*>", re.IGNORECASE)
NOTE = re.compile(r"<ref\b[^<>]*/>", re.IGNORECASE)
NOTES = re.compile(r"<(?P<name>ref|gallery|timeline|score|imagemap)\b[^<>]*>", re.IGNORECASE)
BRACES = re.compile(r"\{\{|\}\}")
LINK = re.compile(r"\[\[(?P<to>[^\[\]|]*)(?:\|(?P<said>[^\[\]]*))?\]\]")
UNSAID = re.compile(
    r"\s*:?(?:file|image|category|media|datei|bild|kategorie|fichier|catégorie|archivo|categoría|файл|категория|文件|分类|ファイル|カテゴリ)\s*:",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"\[(?:https?:|ftp:|mailto:)?//?[^\s\[\]]+(?:[ \t]+(?P<said>[^\[\]\n]*))?\]")
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
    text = cut(text, LITERAL, _ends, lambda start, inside: hold(kept, inside.strip("\n")) if code or start["name"].lower() == "nowiki" else "")
    text = cut(text, MATHS, _ends, lambda start, inside: hold(kept, inside.strip()))
    text = cut(NOTE.sub("", text), NOTES, _ends, lambda start, inside: "")
    text = _with_rows(_without_templates(text))
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


def _ends(start: re.Match[str]) -> str:
    return rf"</{start['name']}\s*>"


def _without_templates(text: str) -> str:
    """The text without `{{…}}`; what is never closed stays."""
    found, done, open_ = [], 0, list[int]()
    outermost: list[tuple[int, int]] = []
    for mark in BRACES.finditer(text):
        if mark[0] == "{{":
            open_.append(mark.start())
        elif open_:
            start = open_.pop()
            while outermost and outermost[-1][0] > start:
                outermost.pop()
            outermost.append((start, mark.end()))
    for start, stop in outermost:
        found.append(text[done:start])
        done = stop
    return "".join([*found, text[done:]])


def _with_rows(text: str) -> str:
    """The text with the cells of each row of a table beside each other on one line."""
    if "{|" not in text:
        return text
    found, row, depth = list[str](), list[str](), 0
    for line in text.split("\n"):
        given = line.strip()
        if given.startswith(("{|", "|}", "|-")) or not depth:
            depth = max(depth + given.startswith("{|") - given.startswith("|}"), 0)
            found += [" | ".join(cell for cell in row if cell)] if row else []
            row = []
            found += [] if depth or given.startswith("|}") else [line]
        elif given.startswith(("|", "!")):
            row += [ATTRIBUTES.sub("", cell).strip() for cell in re.split(r"\|\||!!", given.lstrip("|!+"))]
        elif given and row:
            row[-1] = f"{row[-1]} {given}".strip()
    return "\n".join([*found, " | ".join(row)] if row else found)
