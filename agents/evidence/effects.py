"""Clauses whose result is not judged, but which cannot have been followed where nothing at all came of them."""

import re

import pyarrow as pa

from .findings import Check, Claim, Finding, unknown
from .ground import Ground
from .said import Said

_CHANGES = re.compile(
    r"\b(?:extract|get just|strip|convert|turn|translate|move|flatten|rewrite|make plain|take out|get rid of|remove|drop|cut|delete)\b[^.;]*?"
    r"\b(?:main text|articles?|boilerplate|menus?|markup|markdown|latex|wikitext|plain (?:text|prose)|simplified chinese|traditional chinese|"
    r"bibliography|references?|reference list|"
    r"citations?|comments|docstrings|prose|front matter)\b"
)
_BEARS = re.compile(
    r"\b(?:split|cut|break|chunk|divide)\b[^.;]*\b(?:into|at)\b[^.;]*\b(?:sentences?|paragraphs?|chunks?|pieces?|passages?|headings?|sections?)\b|"
    r"\bone row per (?!url)\w+|"
    r"\bchunks of \d"
)
_MAKES = re.compile(r"\bcolumn\s+(?:named\s+|called\s+)?[`\"']?(?P<name>[a-z]\w*)\b(?=[^.;]*\b(?:from|with|that|holds?|for)\b|[`\"' ,.]*$|,? then)")


def read(said: Said) -> list[Check]:
    """`convert the LaTeX to plain text`: not one value changed means that it was not done."""
    changes, bears = _CHANGES.search(said.lower), _BEARS.search(said.lower)
    if bears and not _once_per(said) and not re.search(r"\btrain|\btest\b|\bfile per\b|\bparts?\b", said.lower):
        return [Claim(0, len(said.lower), _are_born)]
    if (
        changes
        and said.phrase.side in ("do", "drop", "keep")
        and not re.search(r"\b(?:rows?|texts?|pages?|documents?) (?:that|with|which|where|whose)\b", said.lower)
    ):
        return [Claim(0, len(said.lower), _is_changed)]
    return []


def _once_per(said: Said) -> bool:
    """`one row per genre`: a column's values are told apart, nothing is cut."""
    match = re.search(r"\bper (\w+)", said.lower)
    kinds = said.ground.given.types
    return match is not None and any(match[1] in (name.lower(), f"{name.lower()}s") and not pa.types.is_list(kinds[name]) for name in kinds)


def _is_changed(ground: Ground) -> Finding:
    """A new text column, a born row or one value changed is enough to say nothing."""
    if not len(ground.out) or ground.expands or set(ground.out.texts()) - set(ground.given.types):
        return unknown("what was changed was not judged")
    changed = {
        name
        for name in ground.out.texts()
        for at in ground.out.picked()
        if (before := ground.origin(at)) is not None and before.get(name) != ground.out.values(name)[at]
    }
    longest = ground.given.texts()[:1]
    if not changed:
        return Finding("fails", f"no value was changed in {len(ground.out.picked())} rows")
    if (
        len(ground.given.texts()) > 1
        and ground.given.length(longest[0]) > 200
        and changed
        and all(ground.given.length(name) < 100 for name in changed)
    ):
        return Finding("fails", f"only {', '.join(sorted(changed))} was changed, and no text")
    return unknown(f"{', '.join(sorted(changed))} was changed; whether rightly was not judged")


def _are_born(ground: Ground) -> Finding:
    if not len(ground.out):
        return unknown("no row goes out")
    if any(ground.out.part) or len(set(ground.out.number)) < len(ground.out):
        return unknown(f"{len(ground.out)} rows are born of {len(set(ground.out.number))}; where they are cut was not judged")
    read_as = {str(spec.options or spec.format) for spec in ground.recipe.sources.values()}
    if read_as - {"None", "{}"}:
        return unknown("the source cuts its files itself")
    return Finding("fails", "no row was cut into others")
