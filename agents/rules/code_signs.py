"""Tells in which language the values of a column are written, where they are code: planners need it when a goal speaks of code alone."""

import re
from collections.abc import Sequence

LOOKED_AT = 200
MOST = 0.5  # share of the values that must bear the signs
FENCED = "fence"
_SIGNS = {
    "python": re.compile(
        r"^\s*(?:def \w+\(.*|class \w+.*:|import \w+|from [\w.]+ import |print\(|for \w+ in .*:|if .*:|elif .*:|while .*:|@\w+)", re.M
    ),
    "javascript": re.compile(r"^\s*(?:(?:const|let|var) \w+ ?=|(?:async )?function\b.*\{|console\.log\(|module\.exports)|=> ?[{(]", re.M),
    "java": re.compile(r"^\s*(?:public|private|protected) (?:static |final |class |void |int |String )|System\.out\.print|^import java", re.M),
    "cpp": re.compile(r"^\s*#include ?<(?:iostream|vector|string|map|algorithm)>|std::|using namespace", re.M),
    "c": re.compile(r"^\s*#include ?<\w+\.h>|\bprintf\(|^\s*int main\(", re.M),
    "sql": re.compile(r"^\s*(?:select\b.*\bfrom\b|insert into\b|create table\b|update \w+ set\b|delete from\b)", re.M | re.I | re.S),
    "html": re.compile(r"^\s*<(?:!doctype html|html|div|head|body|p|ul|form)\b", re.M | re.I),
    "go": re.compile(r"^package \w+$|^func \w+\(|:= ", re.M),
    "rust": re.compile(r"\bfn \w+\(|\blet mut\b|println!\(", re.M),
}
_FENCE = re.compile(r"^\s*```", re.M)


def written_in(values: Sequence[str]) -> str:
    """The language that most values look like, `fence` where they hold fenced blocks, empty where they are no code."""
    seen = [value[:5000] for value in values[:LOOKED_AT] if value.strip()]
    if not seen:
        return ""
    if sum(bool(_FENCE.search(value)) for value in seen) >= MOST * len(seen):
        return FENCED
    shares = {name: sum(bool(signs.search(value)) for value in seen) / len(seen) for name, signs in _SIGNS.items()}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= MOST else ""
