"""Where the comments of a program are: one pass over its strings and comments, so that none is taken for the other."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

# pieces of a pattern; what matches first at a place wins
BLOCK, SLASHES, HASH, DASHES = r"/\*.*?(?:\*/|\Z)", r"//[^\n]*", r"\#[^\n]*", r"--[^\n]*"
DOUBLE, SINGLE = r'"(?:[^"\\\n]|\\.)*+(?:"|(?=\n)|\Z)', r"'(?:[^'\\\n]|\\.)*+(?:'|(?=\n)|\Z)"
CHARACTER = r"'(?:[^'\\\n]|\\[^\n]{1,10}?)'"
BACKTICK = r"`(?:[^`\\]|\\.)*+(?:`|\Z)"
SQL_STRING = r"'(?:[^']|'')*+(?:'|\Z)|\"(?:[^\"]|\"\")*+(?:\"|\Z)|`[^`]*+(?:`|\Z)"
TRIPLE = r"[rRbBuUfFtT]{0,3}(?:\"\"\"(?:[^\\\"]|\\.|\"(?!\"\"))*+(?:\"\"\"|\Z)|'''(?:[^\\']|\\.|'(?!''))*+(?:'''|\Z))"
REGEX = (
    r"(?:(?<=[=(,:\[!&|?{};+\-*%<>~^\n])|(?<=\breturn)|(?<=\btypeof)|(?<=\bcase)|\A)[ \t]*/(?![*/ \n])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*+\])+/"
)
RAW = (r"R\"(?P<mark>[^()\\\s\"]{0,16})\(", r"\){mark}\"")
HEREDOC = (r"<<[-~]?[ \t]*(?P<quote>['\"]?)(?P<mark>[A-Za-z_]\w*)(?P=quote)", r"^[ \t]*{mark}\b")
NOWDOC = (r"<<<[ \t]*(?P<quote>['\"]?)(?P<mark>[A-Za-z_]\w*)(?P=quote)", r"^[ \t]*{mark}\b")
HASHED = (r"\bb?r(?P<mark>\#{0,8})\"", r"\"{mark}")
DOLLARS = (r"\$(?P<mark>\w*)\$", r"\${mark}\$")
BRACKETS = (r"\[(?P<mark>=*)\[", r"\]{mark}\]")
CSHARP = r"[$@]{1,2}\"(?:[^\"]|\"\")*+(?:\"|\Z)|\"\"\".*?(?:\"\"\"|\Z)"
ESCAPED = r"\\."


@dataclass(frozen=True)
class Language:
    """What is no comment, and what is; `spared`: comments that mean something to a machine."""

    strings: tuple[str, ...]
    comments: tuple[str, ...]
    spared: str = r"(?!)"
    long: tuple[str, str] = ("", "")  # a string that ends with a mark it brings along: how it opens and closes

    def pattern(self) -> re.Pattern[str]:
        return _compiled(self)


C_STRINGS = (DOUBLE, CHARACTER, SINGLE)
LONG_DOUBLE, LONG_SINGLE = r'"(?:[^"\\]|\\.)*+(?:"|\Z)', r"'(?:[^'\\]|\\.)*+(?:'|\Z)"  # over line ends
THREE_DOUBLE = r'"""(?:[^\\"]|\\.|"(?!""))*+(?:"""|\Z)'
LANGUAGES: Mapping[str, Language] = {
    "python": Language((TRIPLE, DOUBLE, SINGLE), (HASH,), r"\#!|\#[^\n]*coding[:=]"),
    "javascript": Language((DOUBLE, SINGLE, BACKTICK, REGEX), (SLASHES, BLOCK), r"///?[ \t]*<reference|/\*[@#]__PURE__"),
    "c": Language(C_STRINGS, (r"//(?:[^\\\n]|\\(?:\r?\n|.))*", BLOCK)),
    "cpp": Language(C_STRINGS, (r"//(?:[^\\\n]|\\(?:\r?\n|.))*", BLOCK), long=RAW),
    "java": Language((THREE_DOUBLE, *C_STRINGS), (SLASHES, BLOCK)),
    "csharp": Language((CSHARP, *C_STRINGS), (SLASHES, BLOCK)),
    "go": Language((DOUBLE, CHARACTER, r"`[^`]*+(?:`|\Z)"), (SLASHES, BLOCK), r"//(?:go:|[ \t]*\+build|export )"),
    "rust": Language((LONG_DOUBLE, CHARACTER), (SLASHES, BLOCK), long=HASHED),
    "swift": Language((THREE_DOUBLE, DOUBLE), (SLASHES, BLOCK)),
    "php": Language((LONG_DOUBLE, LONG_SINGLE), (r"//(?:(?!\?>)[^\n])*", r"\#(?!\[)(?:(?!\?>)[^\n])*", BLOCK), r"\#!", NOWDOC),
    "ruby": Language((LONG_DOUBLE, LONG_SINGLE, r"`[^`\n]*`", r"\?\#|\#\{", REGEX), 
        (r"^=begin\b.*?(?:^=end\b[^\n]*|\Z)", HASH), r"\#!|\#[^\n]*(?:coding|frozen_string_literal):", HEREDOC),
    "shell": Language((ESCAPED, LONG_DOUBLE, r"'[^']*+(?:'|\Z)", r"\$\{[^}\n]*\}|\$\#|(?<=[^\s;&|()])\#"), (HASH,), r"\#!", HEREDOC),
    "sql": Language((SQL_STRING,), (DASHES, r"/\*(?![!+]).*?(?:\*/|\Z)"), long=DOLLARS),
    "html": Language((), (r"<!--(?!\[if\b).*?(?:-->|\Z)",)),
    "css": Language((DOUBLE, SINGLE, r"url\([^)\n]*\)"), (r"/\*(?!!).*?(?:\*/|\Z)",)),
    "lua": Language((DOUBLE, SINGLE), (r"--\[\[.*?(?:\]\]|\Z)", r"--\[=\[.*?(?:\]=\]|\Z)", DASHES), long=BRACKETS),
    "haskell": Language((DOUBLE, CHARACTER), (r"\{-(?!\#).*?(?:-\}|\Z)", r"(?<![!\#$%&*+./<=>?@\\^|~:-])--+(?![!\#$%&*+./<=>?@\\^|~:])[^\n]*")),
    "r": Language((DOUBLE, SINGLE), (HASH,), r"\#!"),
    "perl": Language((LONG_DOUBLE, LONG_SINGLE, r"\$\#|(?<=[^\s;{}()])\#"), 
        (r"^=(?:pod|head\d|over|begin|for)\b.*?(?:^=cut\b[^\n]*|\Z)", HASH), r"\#!"),
    "yaml": Language((DOUBLE, r"(?<![\w])'(?:[^']|'')*+(?:'|\Z)", r"(?<=\S)\#"), (HASH,), r"\#!|\#cloud-config"),
    "toml": Language((THREE_DOUBLE, r"'''.*?(?:'''|\Z)", DOUBLE, r"'[^'\n]*'"), (HASH,)),
    "powershell": Language((r'@".*?^"@', r"@'.*?^'@", r'"(?:[^"`]|`.|"")*+(?:"|\Z)', r"'(?:[^']|'')*+(?:'|\Z)", r"(?<=[^\s;{}()])\#"), 
        (r"<\#.*?(?:\#>|\Z)", HASH), r"\#(?:!|[Rr]equires)"),
}  # fmt: skip
ALSO = {
    "js": "javascript", "typescript": "javascript", "ts": "javascript", "jsx": "javascript", "tsx": "javascript", "node": "javascript",
    "kotlin": "java",
    "scala": "java", "dart": "javascript", "groovy": "java", "c++": "cpp", "cc": "cpp", "h": "c", "hpp": "cpp", "objective-c": "c", "cuda": "cpp",
    "c#": "csharp",
    "cs": "csharp", "golang": "go", "rs": "rust", "py": "python", "python3": "python", "rb": "ruby", "bash": "shell", "sh": "shell", "zsh": "shell",
    "console": "shell", "dockerfile": "shell", "makefile": "shell", "xml": "html", "svg": "html", "vue": "html", "scss": "css", "less": "css",
    "mysql": "sql",
    "postgresql": "sql", "sqlite": "sql", "hs": "haskell", "yml": "yaml", "ini": "yaml", "pl": "perl", "ps1": "powershell", "elixir": "r",
    "julia": "r",
}  # fmt: skip


def language(name: str) -> Language | None:
    """The language of this name or short name."""
    lower = name.strip().lower()
    return LANGUAGES.get(ALSO.get(lower, lower))


def pieces(code: str, of: Language) -> Iterator[tuple[bool, int, int]]:
    """Comments that no machine reads (true) and strings (false), from and to, in order."""
    pattern, spared, at = of.pattern(), re.compile(of.spared), 0
    unclosed: set[str] = set()  # not looked for again: many that are never closed must not take quadratic time
    while match := pattern.search(code, at):
        at = max(match.end(), at + 1)
        if match["long"] is not None:
            closing = of.long[1].replace("{mark}", re.escape(match["mark"]))
            stop = None if closing in unclosed else re.compile(closing, re.MULTILINE).search(code, match.end())
            if stop is None:
                unclosed.add(closing)
                continue
            at = stop.end()
            yield False, match.start(), at
        elif match["comment"] is None:
            yield False, match.start(), match.end()
        elif not spared.match(code, match.start()):
            yield True, match.start(), match.end()


@cache
def _compiled(of: Language) -> re.Pattern[str]:
    parts = [f"(?P<long>{of.long[0] or '(?!)'})", *(f"(?:{one})" for one in of.strings), f"(?P<comment>{'|'.join(of.comments)})"]
    return re.compile("|".join(parts), re.DOTALL | re.MULTILINE | re.VERBOSE)
