"""Plain text of LaTeX: commands keep what they print, maths stays as it is written."""

import re
import unicodedata
from collections.abc import Mapping

from .spans import Kept, cut, hold, restored

BODY = re.compile(r"\\begin\{document\}(?P<body>.*?)(?:\\end\{document\}|\Z)", re.DOTALL)
VERBATIM = re.compile(r"\\begin\{(?P<name>verbatim\*?|Verbatim|lstlisting|minted)\}(?:\[[^\[\]\n]*\])?(?:\{[^{}\n]*\})?\n?")
REMARK = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*(?:\n[ \t]*(?=[^\s])|(?=\n|\Z))")
INLINE = re.compile(r"(?<!\\)\$(?:[^$\\\n]|\\.|\n(?!\s*\n))+\$")
MATHS = re.compile(
    r"(?<!\\)\$\$|(?<!\\)\\\[|(?<!\\)\\\(|\\begin\{(?P<name>(?:equation|align|alignat|gather|multline|eqnarray|math|displaymath|flalign)\*?)\}"
)
MATHS_END = {"$$": r"(?<!\\)\$\$", "\\[": r"\\\]", "\\(": r"\\\)"}
DEFINES = re.compile(r"\\(?:(?:re)?newcommand|providecommand|DeclareMathOperator|def|newtheorem|(?:re)?newenvironment)\*?(?![A-Za-z])")
_SILENT = """
    label cite citep citet citeauthor citeyear citealp parencite textcite autocite footcite nocite ref eqref autoref cref Cref pageref vspace
    hspace vskip hskip usepackage documentclass bibliography bibliographystyle includegraphics input include setlength addtolength setcounter
    addtocounter pagestyle thispagestyle hypersetup graphicspath newlength definecolor color pagenumbering index glossary addbibresource
    RequirePackage PassOptionsToPackage geometry bibitem selectlanguage fontsize setstretch linespread tikzset captionsetup lstset
"""
SILENT = frozenset(_SILENT.split())
DROPPED = re.compile(r"\\begin\{(?P<name>tikzpicture|thebibliography|comment|filecontents\*?|pgfpicture)\}")
HEADINGS = frozenset(["part", "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph", "title", "caption"])
SYMBOLS = {
    "ldots": "…", "dots": "…", "textellipsis": "…", "LaTeX": "LaTeX", "TeX": "TeX", "ss": "ß", "ae": "æ", "AE": "Æ", 
    "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø",
    "aa": "å", "AA": "Å", "l": "ł", "L": "Ł", "i": "ı", "j": "ȷ", "S": "§", "P": "¶", "copyright": "©", "pounds": "£", "euro": "€", "textdegree": "°",
    "textendash": "–", "textemdash": "—", "textbackslash": "\\", "textasciitilde": "~", "textbar": "|", "textless": "<", "textgreater": ">",
    "quad": " ", "qquad": " ", "newline": "\n", "par": "\n\n", "linebreak": "\n", "item": "\n- ", "hline": "", "textquotedblleft": "“",
    "textquotedblright": "”", "textregistered": "®", "texttrademark": "™", "dag": "†", "ddag": "‡", "and": "\n",
}  # fmt: skip
ACCENTS = {"'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307", "c": "\u0327", "v": "\u030c",
           "u": "\u0306", "H": "\u030b", "k": "\u0328", "r": "\u030a", "d": "\u0323", "b": "\u0331"}  # fmt: skip
ACCENT = re.compile(r"\\(?:(?P<sign>['`^\"~=.])\s*|(?P<letter>[cvuHkrdb])(?=\{|\s))\s*(?:\{\s*(?P<braced>\\?[A-Za-z])\s*\}|(?P<bare>\\?[A-Za-z]))")
TOKEN = re.compile(r"\\(?P<name>[A-Za-z@]+)\*?[ \t]*|\\(?P<sign>[^A-Za-z])|(?P<open>\{)|(?P<close>\})|(?P<tie>~)|(?P<tab>&)|(?P<quote>``|''|---?)")
BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
GROUP_START = re.compile(r"\s*\{")
OPTIONS = re.compile(r"[ \t]*\[[^\[\]\n]*\]")
QUOTES = {"``": "“", "''": "”", "--": "–", "---": "—"}
CITED = re.compile(r"[ \t~]*\\(?:[a-zA-Z]*cite[a-zA-Z]*)\*?(?:\[[^\]\n]*\])*\{[^{}]*\}")
BLANKS = re.compile(r"[ \t]+$|^[ \t]+|(?<=[ \t])[ \t]+", re.MULTILINE)
GAPS = re.compile(r"\n\s*\n\s*")


def plain(text: str, *, code: bool = True) -> str:
    """The text without commands."""
    body = BODY.search(text) if "\\begin{document}" in text else None
    kept = Kept(text)
    text = body["body"] if body else text
    text = cut(text, VERBATIM, _ends, lambda start, inside: f"\n\n{hold(kept, inside.rstrip())}\n\n" if code else "")
    text = cut(REMARK.sub(r"\1", text), DROPPED, _ends, lambda start, inside: "")
    text = cut(text, MATHS, _ends, lambda start, inside: hold(kept, start[0] + inside + _end_of(start)))
    text = INLINE.sub(lambda match: hold(kept, match[0]), text)
    text = CITED.sub("", text)
    text = ACCENT.sub(_accented, text)
    said = BLANKS.sub("", _printed(text))
    return restored(GAPS.sub("\n\n", said).strip(), kept)


def _ends(start: re.Match[str]) -> str:
    return rf"\\end\{{{re.escape(start['name'])}\}}" if start["name"] else MATHS_END[start[0]]


def _end_of(start: re.Match[str]) -> str:
    return f"\\end{{{start['name']}}}" if start["name"] else {"$$": "$$", "\\[": "\\]", "\\(": "\\)"}[start[0]]


def _accented(match: re.Match[str]) -> str:
    letter = (match["braced"] or match["bare"]).lstrip("\\")
    return unicodedata.normalize("NFC", letter + ACCENTS[match["sign"] or match["letter"]])


def _printed(text: str) -> str:
    found: list[str] = []
    ends: list[str] = []  # for each open brace: what is said when it closes
    at, awaited, closed = 0, "", _closed(text)
    while token := TOKEN.search(text, at):
        found.append(text[at : token.start()])
        at = token.end()
        if token["name"]:
            at, said, awaited = _command(text, token, at, closed)
            found.append(said)
        elif token["sign"]:
            found.append({"\\": "\n", "\n": " ", ",": " ", ";": " ", " ": " ", "-": "", "/": "", "!": "", ":": " "}.get(token["sign"], token["sign"]))
        elif token["open"]:
            ends.append(awaited)
            awaited = ""
        elif token["close"]:
            found.append(ends.pop() if ends else "")
        else:
            found.append(" " if token["tie"] else " | " if token["tab"] else QUOTES[token["quote"]])
    return "".join([*found, text[at:]])


def _command(text: str, token: re.Match[str], at: int, closed: Mapping[int, int]) -> tuple[int, str, str]:
    """Behind the command and what does not print; what it says; what is said when its group closes."""
    name = token["name"]
    if name in ("begin", "end"):
        at = _behind_group(text, at, closed)
        while (options := OPTIONS.match(text, at)) or (name == "begin" and text.startswith("{", at)):
            at = options.end() if options else _behind_group(text, at, closed)
        return at, "\n", ""
    if DEFINES.fullmatch(token[0].rstrip()) or name in SILENT:
        while (options := OPTIONS.match(text, at)) or GROUP_START.match(text, at):
            at = options.end() if options else _behind_group(text, at, closed)
        return at, "", ""
    if name in SYMBOLS:
        optional = OPTIONS.match(text, at) if name == "item" else None
        said = SYMBOLS[name] + (f"{optional[0].strip()[1:-1]} " if optional else "")
        at = optional.end() if optional else at
        return (at + 2, said, "") if text.startswith("{}", at) else (at, said, "")
    options = OPTIONS.match(text, at)
    at = options.end() if options else at
    if name == "href":
        return _behind_group(text, at, closed), "", ""
    if name in HEADINGS:
        return at, "\n\n", "\n\n"
    if name == "footnote":
        return at, " (", ")"
    return at, "", ""


def _behind_group(text: str, at: int, closed: Mapping[int, int]) -> int:
    """Behind the braces that open here; where they are never closed, behind the first."""
    start = GROUP_START.match(text, at)
    return closed.get(start.end() - 1, start.end()) if start else at


def _closed(text: str) -> dict[int, int]:
    """Where each brace opens → behind the one that closes it."""
    found, open_ = dict[int, int](), list[int]()
    for brace in BRACE.finditer(text):
        if brace[0] == "{":
            open_.append(brace.start())
        elif brace[0] == "}" and open_:
            found[open_.pop()] = brace.end()
    return found
