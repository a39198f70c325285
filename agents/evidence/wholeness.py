"""Clauses that forbid losing rows."""

import re
from collections import Counter

from .findings import Check, Claim, Finding, unknown, verdict_of
from .ground import Ground
from .said import Said

_ALL = r"(?:rows?|files?|records?|reviews?|messages?|documents?|lines?|examples?|items?|pages?|texts?|it)"
_FORBIDS = re.compile(
    rf"\b(?:all|every) (?:the |of the )?{_ALL} (?:must |should )?(?:stays?|remains?)\b|\bkeep (?:all|every) (?:the |of the |"
    rf"single )?{_ALL}\b(?=[\s.!]*$)|"
    rf"\bno {_ALL} (?:may|must|should|can|is to) (?:get |be )?(?:lost|dropped)|"
    rf"\b(?:don't|do not|not|cannot afford to|can't afford to|never)\s+(?:want to )?(?:los\w+|"
    rf"drop)(?: or change)?(?: any)?(?: of the)? {_ALL}\b(?! (?:that|with|which))"
)


def read(said: Said) -> list[Check]:
    """`no row may get lost`, `keep all rows`."""
    match = _FORBIDS.search(said.lower)
    return [Claim(match.start(), match.end(), nothing_lost)] if match else []


def nothing_lost(ground: Ground) -> Finding:
    """Whether every row that came in goes out, or those born of it do."""
    lost = Counter((state, step) for state, step in ground.fate if state in ("dropped", "merged", "quarantined", "unused"))
    if not ground.sample.whole and ground.sample.let_pass:
        return unknown("steps that need all rows were let pass on the sample")
    told = ", ".join(f"{count} {state} at {step or 'the end'}" for (state, step), count in lost.most_common(3))
    return verdict_of(not lost, f"{len(ground.given)} rows come in, none is lost" if not lost else f"rows are lost: {told}")
