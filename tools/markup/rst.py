"""Plain text of reStructuredText: roles and links keep their words, directives their content."""

import re

from .spans import Kept, hold, restored

ADORNED = re.compile(r"([!-/:-@\[-`{-~])\1{2,}[ \t]*$")
DIRECTIVE = re.compile(r"(?P<indent>[ \t]*)\.\.[ \t]+(?:\|[^|\n]+\|[ \t]+)?(?P<name>[\w:.+-]+)::[ \t]*(?P<rest>.*)$")
MARKED = re.compile(r"(?P<indent>[ \t]*)\.\.(?:[ \t]+(?P<rest>.*))?$")
NOTE = re.compile(r"[ \t]*\.\.[ \t]+\[[^\]\n]+\][ \t]*")
OPTION = re.compile(r"[ \t]+:[\w-]+:")
FIELD = re.compile(r":(?P<name>[A-Za-z][\w -]{0,40}):[ \t]*(?=\S|$)")
CODE = frozenset(["code", "code-block", "sourcecode", "highlight", "parsed-literal", "doctest", "literalinclude", "prompt", "productionlist"])
_SAYS = """
    note warning tip hint important caution danger attention error admonition seealso topic sidebar epigraph pull-quote highlights compound
    container rubric versionadded versionchanged deprecated centered math list-table table csv-table class canonical-pep
"""
SAYS = frozenset(_SAYS.split())
ARGUMENTS = frozenset(("versionadded", "versionchanged", "deprecated", "class", "container", "list-table", "table", "csv-table"))
LITERAL = re.compile(r"``(?=\S)((?:[^`\n]|`(?!`)|\n(?!\s*\n))+)(?<=\S)``(?!`)")
ROLE = re.compile(r"(?::[\w.+-]+(?::[\w.+-]+)?:)`(?P<said>[^`]+)`|`(?P<link>[^`]+)`__?|`(?P<plain>[^`\n]+)`(?::[\w.+-]+:)?")
TARGET = re.compile(r"\s*<[^<>]*>$")
REFERENCE = re.compile(r"(?<=[A-Za-z0-9])__?(?=[\s.,;:!?)\]'\"]|\Z)")
FOOTMARK = re.compile(r" ?\[(?:\d+|#[\w-]*|\*|[A-Za-z][\w.-]*)\]_(?!\w)")
SUBSTITUTION = re.compile(r"\|(?=\S)([^|\n]+?)(?<=\S)\|_{0,2}")
STRONG = re.compile(r"(?<![\w*])\*{1,2}(?=[^\s*])([^*\n]+(?:\n(?!\s*\n)[^*\n]+)*)(?<=\S)\*{1,2}(?![\w*])")
GRID = re.compile(r"[ \t]*(?:\+[-=+]+\+|=+(?:[ \t]+=+)+)[ \t]*$")
ESCAPED = re.compile(r"\\([^\s\w])|\\[ \t]")
GAPS = re.compile(r"\n{3,}")


def plain(text: str, *, code: bool = True) -> str:
    """The text without marks."""
    kept, found = Kept(text), list[str]()
    lines = text.replace("\r\n", "\n").expandtabs(8).split("\n")
    at = 0
    while at < len(lines):
        at = _line(lines, at, found, kept, code)
    return restored(GAPS.sub("\n\n", _inline("\n".join(found), kept)).strip("\n"), kept)


def _line(lines: list[str], at: int, found: list[str], kept: Kept, code: bool) -> int:
    """Says one line, or the block that it opens; where to go on."""
    line = lines[at].rstrip()
    directive, marked = (DIRECTIVE.match(line), MARKED.match(line)) if ".." in line else (None, None)
    if directive:
        return _directive(directive, lines, at + 1, found, kept, code)
    if marked and NOTE.match(line):
        found.append(NOTE.sub("", line, count=1))
        return at + 1
    if marked:  # a remark or the target of a link
        return _block_end(lines, at + 1, len(marked["indent"]))
    if ADORNED.match(line) or GRID.match(line):
        found.append("")
        return at + 1
    if line.endswith("::"):
        said = line[:-2].rstrip()
        found += [said + ":" if said and line[-3:-2] != " " else said, ""]
        stop = _block_end(lines, at + 1, len(line) - len(line.lstrip()))
        if code and stop > at + 1:
            found += [hold(kept, "\n".join(lines[at + 1 : stop]).strip("\n")), ""]
        return stop
    if line.lstrip().startswith(">>>") and code:
        found.append(hold(kept, line))
        return at + 1
    field = FIELD.match(line)
    found.append(f"{field['name']}: {line[field.end() :]}" if field else line)
    return at + 1


def _directive(directive: re.Match[str], lines: list[str], at: int, found: list[str], kept: Kept, code: bool) -> int:
    """Code is held, what a directive says goes on line by line, any other goes with its content."""
    name = directive["name"].lower()
    while at < len(lines) and OPTION.match(lines[at]):
        at += 1
    if name in SAYS:
        found += ["", directive["rest"]] if directive["rest"] and name not in ARGUMENTS else [""]
        return at
    stop = _block_end(lines, at, len(directive["indent"]))
    if name in CODE and code and stop > at:
        found += ["", hold(kept, "\n".join(lines[at:stop]).strip("\n")), ""]
    return stop


def _block_end(lines: list[str], at: int, indent: int) -> int:
    """Behind the lines that are blank or stand further in."""
    stop = at
    while at < len(lines):
        line = lines[at]
        if line.strip():
            if len(line) - len(line.lstrip()) <= indent:
                break
            stop = at + 1
        at += 1
    return stop


def _inline(text: str, kept: Kept) -> str:
    text = LITERAL.sub(lambda match: hold(kept, match[1]), text)
    text = ESCAPED.sub(lambda match: hold(kept, match[1] or ""), text)
    text = ROLE.sub(_said, text)
    text = FOOTMARK.sub("", text)
    text = REFERENCE.sub("", text)
    return STRONG.sub(r"\1", SUBSTITUTION.sub(r"\1", text))


def _said(role: re.Match[str]) -> str:
    whole = role["said"] or role["link"] or role["plain"]
    return TARGET.sub("", whole) or whole.strip(" <>")
