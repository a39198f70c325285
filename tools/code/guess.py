"""Which language a piece of code is in, told by words that hardly stand in others; none where that is not clear."""

import re
from collections.abc import Mapping

CUES: Mapping[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.MULTILINE)
    for name, pattern in {
        "python": r"^[ \t]*(?:async )?def \w+\(.*\).*:|^[ \t]*class \w+.*:[ \t]*(?:#.*)?$|"
        r"^(?:import [\w.]+(?: as \w+)?|from [\w.]+ import .*)$|"
        r"^[ \t]*(?:elif\b.*|else|try|finally|except.*|for \w+.* in .*|while .*|if .*|with .*):[ \t]*(?:#.*)?$|"
        r"\bprint\(|^[ \t]*@\w+[\w.]*(?:\(.*\))?$",
        "javascript": r"\b(?:const|let|var)\s+[\w${\[][^=\n]*=[^=]|\bfunction\b\s*\w*\s*\(|=>\s*[{(\w]|\bconsole\.log\(|\brequire\(|"
        r"\bdocument\.\w+|"
        r"^import\b.*\bfrom ['\"]|^export (?:default|const|function)|\binterface \w+ \{",
        "java": r"\bpublic (?:static|class|void|int|String|final|interface)\b|\bSystem\.(?:out|in)\b|"
        r"^import (?:java|org|com)[\w.]*;|\bprivate \w+ \w+[;=(]|\bnew \w+(?:<.*>)?\(.*\);",
        "cpp": r"^[ \t]*#[ \t]*(?:include|define|ifdef|ifndef|pragma)\b|\bint main\s*\(|\bstd::|\bcout\s*<<|\bprintf\(|"
        r"\busing namespace\b|^template\s*<",
        "csharp": r"^using [\w.]+;|\bConsole\.(?:Write|Read)|^\s*namespace \w+|\bpublic (?:async |override |virtual )",
        "go": r"^package \w+$|^func (?:\(.*\) )?\w+\(|\bfmt\.\w+|:=",
        "rust": r"\bfn \w+(?:<.*>)?\(|\blet mut\b|\b\w+!\(|^impl\b|^use [\w:]+(?:::\{.*\})?;",
        "php": r"<\?php|<\?=|^\s*\$\w+\s*=.*;\s*(?://.*|#.*)?$|\becho \$|->\w+\(",
        "ruby": r"^[ \t]*def [\w.?!]+(?:\([^:]*\))?[ \t]*$|^[ \t]*end[ \t]*$|\bputs\b|\bdo \|\w+|^require ['\"]|"
        r"\battr_(?:reader|accessor)\b",
        "shell": r"\A#!.*\b(?:ba|z|k)?sh\b|^[ \t]*(?:fi|done|esac)\b|\bthen[ \t]*$|"
        r"^[ \t]*(?:echo|export|sudo|cd|mkdir|grep|apt-get|curl|chmod) [^(=]|\$\{\w+\}|\$\(\w+",
        "sql": r"(?i)\bselect\b[^;]*?\bfrom\b|\binsert\s+into\b|"
        r"\bcreate\s+(?:or replace\s+)?(?:table|view|index|function|procedure|database)\b|\bupdate\s+\w+\s+set\b|"
        r"\balter\s+table\b",
        "html": r"(?i)<!doctype|<(?:html|head|body|div|span|form|table|ul|script|p|a)\b[^<>]*>|</\w+>",
        "css": r"^[ \t]*[.#@][\w-][\w\s.#:,>()-]*\{[ \t]*$|^[ \t]*[a-z-]+[ \t]*:[ \t]*[^;{}\n()]+;[ \t]*$",
        "r": r"<-\s*(?:function|c\(|data\.frame|read)|\blibrary\(\w+\)|%>%",
        "lua": r"\blocal \w+\s*=|\blocal function\b|^[ \t]*end\)?[ \t]*$.*\bthen\b",
        "haskell": r"^\w+ ::|^import (?:qualified )?[A-Z]|^module [A-Z]",
    }.items()
}
ENOUGH = 4000  # characters that are looked at


def guess(code: str) -> str | None:
    """The name of the language; None where none or more than one is likely."""
    head = code[:ENOUGH]
    counts = {name: sum(1 for _ in pattern.finditer(head)) for name, pattern in CUES.items()}
    if "<?php" in head:
        return "php"
    if counts["html"] > 1 and head.lstrip().startswith("<"):
        return "html"
    ranked = sorted(counts.items(), key=lambda pair: -pair[1])
    (first, most), (_, next_most) = ranked[:2]
    return first if most and most > next_most else None
