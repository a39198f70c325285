"""Plain text of Markdown: CommonMark, tables, footnotes and maths; what is no mark stays as it is."""

import html
import re

from .spans import Kept, cut, emphasised, hold, restored

FENCE = re.compile(r"(?P<lead>[ \t]*(?:>[ \t]?)*(?:[-*+][ \t]+|\d{1,9}[.)][ \t]+)?)(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})")
UNREAD = re.compile(r"<!--|\{/\*|<(?P<name>script|style)\b[^<>]*>", re.IGNORECASE)
QUOTE = re.compile(r" {0,3}(?:>[ \t]?)+")
HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]+|$)")
HEADING_END = re.compile(r"(?:[ \t]+#+)?[ \t]*(?:\{#?[\w /*-]*\})?[ \t]*$")
UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})[ \t]*$")
RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
ITEM = re.compile(r"([ \t]*)(?:(?:[*+-][ \t]+)*[*+-]|(\d{1,9}[.)]))[ \t]+(?:\[[ xX]\][ \t]+)?")
TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
ROW_ENDS = re.compile(r"^[ \t]*\||(?<!\\)\|[ \t]*$")
CELL_MARK = re.compile(r"[ \t]*(?<!\\)\|[ \t]*")
DEFINITION = re.compile(
    r" {0,3}\[(?!\^)([^\[\]\n]+)\]:[ \t]*(?:\n[ \t]*)?[^\s\[]\S*(?:[ \t]+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?[ \t]*$", re.MULTILINE
)
FOOTNOTE = re.compile(r" {0,3}\[\^[^\[\]\s]+\]:[ \t]*")

ATOM = re.compile(
    r"""(?P<maths>\\\((?:[^\\\n]|\\(?![()]).)*+\\\))
      | \\(?P<escaped>[!-/:-@\[-`{-~])
      | \$\$(?:[^$\\]|\\.)+\$\$ | \$(?![\s$])(?:[^$\\\n]|\\.)*(?<![\s\\])\$(?![\d$])
      | <(?P<address>[a-zA-Z][a-zA-Z0-9+.-]{1,31}:[^\s<>]*|[\w.!\#$%&'*+/=?^`{|}~-]+@[\w.-]+)>
      | (?P<tag></?[A-Za-z][A-Za-z0-9.:-]*(?:\s[^<>]*|/)?>)
      | (?P<entity>&(?:\#\d{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)""",
    re.VERBOSE,
)
BROKEN = re.compile(r"<br\b", re.IGNORECASE)
TICKS = re.compile(r"`+")
LINK = re.compile(
    r"""!?\[(?P<said>(?:[^\[\]]|\[[^\[\]]*\])*)\]\(\s*(?:<[^<>\n]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()]*)*)(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?\s*\)"""
)
REFERENCE = re.compile(r"!?\[(?P<said>[^\[\]]+)\](?:[ \t]?\[(?P<to>[^\[\]]*)\])?")
FOOTMARK = re.compile(r"\[\^[^\[\]\s]+\]")
NESTED = 4  # pictures in links in brackets
BLANKS = re.compile(r"[ \t]+$", re.MULTILINE)
GAPS = re.compile(r"\n{3,}")


def plain(text: str, *, code: bool = True) -> str:
    """The text without marks. `code`: keep what stands in fences."""
    kept, prose = Kept(text), list[str]()
    lines = text.replace("\r\n", "\n").split("\n")
    at = 0
    while at < len(lines):
        fence = FENCE.match(lines[at]) if "`" in lines[at] or "~" in lines[at] else None
        if fence:
            inside, at = _fenced(lines, at, fence)
            prose += [hold(kept, inside)] if code and inside else []
        else:
            prose.append(lines[at])
            at += 1
    joined = "\n".join(prose)
    if "<" in joined or "{/*" in joined:
        joined = cut(joined, UNREAD, _closes, lambda start, inside: "")
    names = {_name(match[1]) for match in DEFINITION.finditer(joined)} if "]:" in joined else set()
    joined = DEFINITION.sub("", joined) if names else joined
    shown = "\n\n".join(_inline(piece, names, kept) for piece in re.split(r"\n[ \t]*\n", "\n".join(_blocks(joined.split("\n")))))
    return restored(GAPS.sub("\n\n", BLANKS.sub("", shown)).strip("\n"), kept)


def _fenced(lines: list[str], at: int, fence: re.Match[str]) -> tuple[str, int]:
    """What stands in the fence that opens here, and the line behind it; one that is never closed reaches to the end."""
    lead, mark = fence["lead"], fence["fence"]
    closing = re.compile(rf"[ \t]*(?:>[ \t]?)*{re.escape(mark[0])}{{{len(mark)},}}[ \t]*$")
    stop = next((place for place in range(at + 1, len(lines)) if closing.match(lines[place])), len(lines))
    quoted, indent = ">" in lead, len(lead) - len(lead.lstrip())
    inside = [QUOTE.sub("", line, count=1) if quoted else _dedented(line, max(indent, len(lead.expandtabs()))) for line in lines[at + 1 : stop]]
    return "\n".join(inside), stop + 1


def _dedented(line: str, indent: int) -> str:
    blank = len(line) - len(line.lstrip(" \t"))
    return line[min(blank, indent) :]


def _blocks(lines: list[str]) -> list[str]:
    """The lines without the marks of blocks."""
    found: list[str] = []
    rows = False  # inside a table
    for place, given in enumerate(lines):
        line = QUOTE.sub("", given, count=1) if given.lstrip(" ").startswith(">") else given
        before = found[-1] if found else ""
        if not line.strip():
            rows = False
            found.append("")
        elif rows or (
            "|" in line and place + 1 < len(lines) and "-" in lines[place + 1] and TABLE_RULE.match(lines[place + 1]) and "|" in lines[place + 1]
        ):
            if not (rows and TABLE_RULE.match(line)):
                found.append(CELL_MARK.sub(" | ", ROW_ENDS.sub("", line.strip())).strip().replace("\\|", "|"))
            rows = True
        elif HEADING.match(line):
            found += ["", HEADING_END.sub("", HEADING.sub("", line, count=1)), ""]
        elif (UNDERLINE.match(line) and before.strip() and not ITEM.match(before)) or RULE.match(line):
            found.append("")
        elif FOOTNOTE.match(line):
            found.append(FOOTNOTE.sub("", line, count=1))
        else:
            item = ITEM.match(line)
            found.append(f"{item[1]}{item[2] or '-'} {line[item.end() :]}" if item else line)
    return found


def _inline(piece: str, names: set[str], kept: Kept) -> str:
    """One paragraph without the marks inside its lines."""
    piece = _coded(piece, kept) if "`" in piece else piece

    def atom(match: re.Match[str]) -> str:
        if match["escaped"]:
            return hold(kept, match["escaped"])
        if match["address"]:
            return hold(kept, match["address"])
        if match["tag"]:
            return "\n" if BROKEN.match(match["tag"]) else ""
        return hold(kept, html.unescape(match["entity"]) if match["entity"] else match[0])

    piece = ATOM.sub(atom, piece)
    for _ in range(NESTED if "[" in piece else 0):
        piece, many = LINK.subn(lambda match: match["said"], piece)
        if not many:
            break
    if "[" in piece:
        piece = FOOTMARK.sub("", piece)
        piece = REFERENCE.sub(lambda match: match["said"] if _name(match["to"] or match["said"]) in names else match[0], piece) if names else piece
    return emphasised(piece) if "*" in piece or "_" in piece or "~" in piece else piece


def _coded(piece: str, kept: Kept) -> str:
    """Code between backticks is held as it stands; a run that finds no equal one stays."""
    runs = list(TICKS.finditer(piece))
    places: dict[int, list[int]] = {}
    for place in range(len(runs) - 1, -1, -1):
        places.setdefault(len(runs[place][0]), []).append(place)
    found, done, place = [], 0, 0
    while place < len(runs):
        run = runs[place]
        equal = places[len(run[0])]
        while equal and equal[-1] <= place:
            equal.pop()
        if not equal or piece[run.start() - 1 : run.start()] == "\\":
            place += 1
            continue
        closing = runs[equal[-1]]
        said = piece[run.end() : closing.start()]
        found += [piece[done : run.start()], hold(kept, said[1:-1] if len(said) > 2 and said[0] == said[-1] == " " else said)]
        done, place = closing.end(), equal[-1] + 1
    return "".join([*found, piece[done:]])


def _closes(start: re.Match[str]) -> str:
    return rf"</{start['name']}\s*>" if start["name"] else "-->" if start[0] == "<!--" else r"\*/\}"


def _name(said: str) -> str:
    return " ".join(said.lower().split())
