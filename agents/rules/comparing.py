"""Reads wishes to be told about all rows: how varied they are, how far from another input, how much of them stands there."""

import re
from collections.abc import Callable
from dataclasses import replace

from . import slots
from .clauses import Phrase, phrase_of
from .columns import text_of
from .duplicates import meant, shared
from .wishes import CLEAN_OF, TELL, Scene, Trouble, Wish

_OTHER = (
    r"\bdrift\w*|\b(?:distribution(?:al)?|covariate|domain|data) shift\b|\bsame distribution as\b|"
    r"\b(?:maximum mean discrepancy|mmd|two[- ]sample test)\b|"
    r"\b(?:jensen[- ]shannon|js|kl|kullback[- ]leibler)\b[- ](?:divergence|distance)|\bkl reduction\b|"
    r"\bcompar\w+\b[^.;]{0,60}\b(?:with|to|against|and)\b|\bcomparison (?:with|to|of)\b|"
    r"\bhow (?:far|much|different|differently|close|similar)\b[^.;]{0,60}\b(?:from|to|differ\w*|apart)\b|"
    r"\bdiffer\w*\b[^.;]{0,30}\b(?:from|between)\b|\bdistance (?:from|to|between)\b|\b(?:moved|shifted|strayed|changed) (?:away )?(?:from|since)\b|"
    r"\bhow (?:similar|different) (?:is|are)\b|\bshar(?:es?|ing|ed)\b[^.;]{0,50}\bgrams?\b[^.;]{0,20}\bwith\b|"
    r"\b(?:compar\w+|how (?:similar|different|alike|far apart))\b[^.;]{0,30}\b(?:both|two|these|the) "
    r"(?:files|inputs|data ?sets|sets|crawls|versions)\b"
)
COMPARES = re.compile(_OTHER)  # goals that look at one input beside another
_DRIFT = re.compile(
    r"\bdrift\w*|\bsame distribution\b|"
    r"\bshift(?:ed)?\b|\bdiscrepancy\b|\bmmd\b|\btwo[- ]sample\b|\bdivergence\b|\bkl reduction\b|\bhow (?:far|different|similar|close)\b|"
    r"\bdiffer\w*\b|\bdistance\b|\bcompar\w+\b|\bstrayed\b|\bmoved away\b|\bchanged (?:from|since)\b"
)
_DIVERSE = re.compile(
    r"\bdivers\w+|\b(?:how varied|variety|variedness)\b|\bvendi\b|\bdistinct[-_ ]?(?:[123]|n)\b|\b(?:type[- /]token|ttr)\b|"
    r"\bself[- ]bleu\b|\b(?:n-?gram|word|pair) entropy (?:of|over) (?:the )?(?:whole |entire )?(?:data ?set|corpus|output|result|data|all)\b"
)
_CHOOSES = re.compile(r"\b(?:keep|select|choose|pick|sample|take|subset|draw|want)\b(?! (?:me )?(?:posted|informed|track))")
_TELLS = re.compile(
    r"\b(?:report|tell|show|measure|compute|calculate|print|say|note|log|check|assess|evaluate|quantify|give me|what|how|compare|find out|"
    r"determine|estimate|know|see|which|mark|flag|are there|is there)\b"
)
_FAILS = re.compile(r"\b(?:fail|stop|abort|error|refuse|complain|halt|break|do not write|don't write|reject the (?:run|result))\b")
_PART = re.compile(
    r"(?:[,;:]\s*(?:and |then |but )?|\b(?:and|then|but)\s+)(?:also |please |finally |then |afterwards |at the end |lastly )*"
    r"(?=(?:report|tell|show|measure|compute|calculate|print|say|note|log|check|assess|quantify|determine|estimate|compare|"
    r"find|flag|mark|detect|identify|spot|what|how|fail|stop|abort|halt|i want to know|let me know|make sure|ensure)\b)"
)
_HOLDS = re.compile(r"\b(?:must|should|has to|have to|needs? to|ought to|may not|must not|expect|require|ensure|make sure|at (?:least|most))\b")
_MUST = re.compile(r"\b(?:must|should|shall|has to|have to|needs? to|ought to|may|can(?:not)?|stays?|remains?)\b[^.;]{0,20}$")
_NUMBERS = (  # how they are called → the step that tells it, its name there
    (r"\bp[- _]?values?\b|\bp\b(?=\s*[<>=]|\s+(?:is|below|under|above|over|less)\b)", "drift", "p_value"),
    (r"\b(?:js|jensen[- ]shannon)\b", "drift", "js"),
    (r"\b(?:kl|kullback[- ]leibler)\b", "drift", "kl"),
    (r"\b(?:mmd|maximum mean discrepancy|drift\w*|discrepancy|distance)\b", "drift", "mmd"),
    (r"\bvendi\b", "diversity", "vendi"),
    (r"\bdistinct[-_ ]?1\b|\b(?:type[- /]token|ttr)\b", "diversity", "distinct_1"),
    (r"\bdistinct[-_ ]?2\b", "diversity", "distinct_2"),
    (r"\bdistinct[-_ ]?3\b", "diversity", "distinct_3"),
    (r"\bword entropy\b|\bentropy of (?:the )?words\b", "diversity", "word_entropy"),
    (r"\bcompression\b", "diversity", "compression"),
)
_OVERLAP = re.compile(
    r"\boverlap\w*|\bin common\b|\bshar(?:es?|ing|ed)\b[^.;]{0,50}\b(?:with|by|between)\b|"
    r"\b(?:also|already)\b[^.;]{0,30}\b(?:in|there|seen)\b|\bn-?gram overlap\b|\bseen in\b"
)
_SHARE = re.compile(r"\b(?:of (?:their|its|the|all|each)?\s*(?:\w+\s+)?(?:(?:n|\d+)-?grams?|text|words|content)|overlap\w*|shar\w+|in common)\b")
_GRAM = re.compile(r"\b(\d+|[a-z]+)[- ](?:word )?n?-?grams?\b|\bn-?grams? of (\d+|[a-z]+) words\b")


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """A clause that asks to be told, or that says what must hold of what is told."""
    return of_last_part(phrase, lambda part: _read(part, scene))


def of_last_part(phrase: Phrase, read: Callable[[Phrase], list[Wish] | Trouble]) -> list[Wish] | Trouble:
    """Of `no repeats, and report how diverse it is` the second part is read, and the first is left to others."""
    start = next((match.end() for match in _PART.finditer(phrase.lower)), 0)
    found = read(phrase_of(phrase.text[start:], "") if start else phrase)
    if not start or isinstance(found, Trouble):
        return found
    return [replace(wish, span=(start, len(phrase.text))) for wish in found]


def _read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    overlap = _overlap(phrase, scene)
    if overlap:
        return overlap
    checks, trouble = _checks(phrase)
    if trouble is not None:
        return trouble
    wants = {op for op, _ in checks}
    if not checks:
        wants = {op for op, pattern in (("drift", _DRIFT), ("diversity", _DIVERSE)) if pattern.search(phrase.lower) and _is_told(phrase)}
        wants -= {"drift"} if not COMPARES.search(phrase.lower) else set()
    found: list[Wish] = []
    for op in sorted(wants):
        made = _told(op, phrase, scene, [check for name, check in checks if name == op])
        if isinstance(made, Trouble):
            return made
        found += made
    if "drift" in wants and re.search(r"\bcompar\w+", phrase.lower) and not checks:
        found += _shares(phrase, scene, {}, TELL)
    return found


def _is_told(phrase: Phrase) -> bool:
    """`report how diverse`, and no order to choose rows that are."""
    if _CHOOSES.search(phrase.lower) or phrase.side == "drop":
        return False
    return bool(_TELLS.search(phrase.lower)) or phrase.side == ""


def _told(op: str, phrase: Phrase, scene: Scene, checks: list[str]) -> list[Wish] | Trouble:
    against, on = None, None
    if op == "drift":
        reference = meant(phrase, scene) or next(iter(scene.references), None)
        if reference is None:
            return Trouble("ask", f"{phrase.text!r}: what are the rows to be compared with? Give it as a second --input.")
        columns = shared(phrase, scene.main, reference)
        if columns is None:
            return Trouble("ask", f"{phrase.text!r}: which columns of {scene.main.name!r} and {reference.name!r} are to be compared?")
        against, on = reference.name, {"text": columns[0], "against.text": columns[1]}
        shown = f"{columns[0]} against {reference.name}"
    else:
        column = text_of(phrase, scene.main)
        if column is None:
            return []
        on, shown = {"text": column.name}, column.name
    asked = ", ".join(name for pattern, own, name in _NUMBERS if own == op and re.search(pattern, phrase.lower))
    shown += f" ({asked})" if asked else ""
    said = f": {', '.join(check.replace('{id}', op) for check in checks)}" if checks else ""
    return [
        Wish(
            op=op,
            id="drift" if op == "drift" else "diversity",
            stage=TELL,
            on=dict(on),
            against=against,
            checks=tuple(checks),
            span=(0, len(phrase.text)),
            evidence=f"{op} of {shown}, told of all rows{said}",
        )
    ]


def _checks(phrase: Phrase) -> tuple[list[tuple[str, str]], Trouble | None]:
    """What must hold of the numbers: `fail if MMD is above 0.05` is `mmd <= 0.05`."""
    fails = _FAILS.search(phrase.lower)
    if not fails and not (_HOLDS.search(phrase.lower) or re.search(r"[<>]=?", phrase.lower)):
        return [], None
    places = [(match, op, name) for pattern, op, name in _NUMBERS for match in re.finditer(pattern, phrase.lower)]
    lower = phrase.lower
    for match, _, _ in places:  # the number in `distinct-2` is no bound
        lower = lower[: match.start()] + re.sub(r"\d", "n", match[0]) + lower[match.end() :]
    bounds = slots.bounds(lower)
    if not places or not bounds:
        return [], None
    found = []
    for bound in bounds:
        near = [one for one in places if one[0].start() < bound.end]
        if not near:
            continue
        _, op, name = max(near, key=lambda one: one[0].end())
        is_negated = bool(re.search(r"\b(?:unless|if not|only if|as long as|while)\b", phrase.lower[: bound.start]))
        must_hold = bool(_MUST.search(lower[: bound.start + 1]))  # `it has to be under 0.3, or the run must fail`
        wanted = bound.outside() if fails and not is_negated and not must_hold else bound
        if wanted is None:
            return [], Trouble("ask", f"{phrase.text!r}: is {name} to lie within these bounds, or outside of them?")
        found.append((op, f"value({{id}}, {name}) {_sides(wanted)}"))
    return found, None


def _sides(bound: slots.Bounds) -> str:
    if bound.low is not None and bound.high is not None:
        return f"between {bound.low:g} and {bound.high:g}"
    if bound.low is not None:
        return f"{'>' if bound.low_open else '>='} {bound.low:g}"
    return f"{'<' if bound.high_open else '<='} {bound.high:g}"


def _overlap(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """Overlap that is to be told, or that has a bound of its own; without one, dropped rows are a matter of decontamination."""
    lower = phrase.lower
    if not _OVERLAP.search(lower):
        return []
    share = next((one for one in slots.bounds(lower) if one.share or (one.high or one.low or 2.0) < 1), None)
    tells = phrase.side not in ("drop", "keep") and bool(re.search(rf"{_TELLS.pattern}|\badd\b", lower))
    if not (share is not None and _SHARE.search(lower)) and not tells:
        return []
    if not scene.references:
        return Trouble("ask", f"{phrase.text!r}: which rows may they overlap with? Give them as a second --input.")
    params: dict[str, object] = {}
    if share is not None and not tells:
        kept = share.outside() if phrase.side == "drop" else share
        if _FAILS.search(lower):
            return Trouble(
                "unclear", "a run can fail by the number of such rows, as by the check `value(overlap, overlapping) <= 100`, not by their share"
            )
        if kept is None or kept.high is None or kept.low is not None:
            return Trouble("ask", f"{phrase.text!r}: which share of a row may stand in the other input at most?")
        params["at_most"] = kept.high
    return _shares(phrase, scene, params, CLEAN_OF if params else TELL)


def _shares(phrase: Phrase, scene: Scene, params: dict[str, object], stage: int) -> list[Wish]:
    reference = meant(phrase, scene) or scene.references[0]
    columns = shared(phrase, scene.main, reference)
    if columns is None:
        return []
    words = [gram[1] or gram[2] for gram in _GRAM.finditer(phrase.lower)]
    size = next((int(slots.value(word)[0]) for word in words if word.isdigit() or word in slots.WORDS), None)
    params = params if size is None else {**params, "ngram": size}
    shown = "".join(f", {name}={value}" for name, value in params.items())
    column = re.search(r"\bcolumns?\b|\bfor each row\b|\bper row\b|\bbeside each\b|\b(?:mark|flag)\w*\b|\bwhich rows\b", phrase.lower)
    return [
        Wish(
            op="overlap",
            id="overlap",
            stage=stage,
            params=params,
            on={"text": columns[0], "against.text": columns[1]},
            against=reference.name,
            rename={"overlap": "overlap"} if column else None,
            filters="at_most" in params,
            span=(0, len(phrase.text)),
            evidence=f"overlap of {columns[0]} with {reference.name}{shown}",
        )
    ]
