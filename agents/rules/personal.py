"""Reads what shall become of personal data: masked in the text, rows dropped or kept for it, counted into a column."""

import re
from dataclasses import replace

from . import slots
from .adding import new_name
from .clauses import Phrase, goes
from .columns import mentions, text_of
from .personal_words import ALIKE, EVERYWHERE, FORBIDS, GENERAL, HASHED, KINDS, LACKS, LIKE, MASKS, SPARED, UNKNOWN
from .rewriting import placeholder, rewritten, speaks_of_rows
from .wishes import ADD, CHEAP, Scene, Trouble, Wish

Span = tuple[int, int]
BY_DEFAULT = (
    "email", "phone", "ip", "mac", "card", "iban", "national_id", "passport", "driver_licence", "birth_date", "wallet", "secret",
)  # fmt: skip
_PIECES = r"(?:items?|pieces?|instances?|occurrences?|bits?|entities|matches|hits)"
_BETWEEN = re.compile(rf"\s*(?:{_PIECES} of |different |the |personal |private )*")
_HOLDS = re.compile(
    r"\b(?:contain|hold|includ|mention|leak|expos|reveal|carry|carri|list|shar|giv)\w*\b|\b(?:with(?:out)?|having|has|have|no|any|of|are|is)\b"
)
_STANDS = re.compile(r"\s+(?:appears?|occurs?|shows? up|stands?|is (?:present|found|there))\b")
_OTHER = re.compile(
    r"\b(?:urls?|links?|web ?addresses|hash ?tags?|@-?mentions|mentions(?= or\b| and\b|,|$)|handles?|html|emojis?|digits|code blocks?)\b|"
    r"\b(?:duplicat\w*|same|unique|distinct|invalid|valid|malformed|missing|empty|blank|null|equals?)\b"
)
_COUNTS = re.compile(r"\b(?:count|number of|how (?:many|much)|amount of|measure|score)\b")
_ONE_HOLDS = re.compile(
    r"\b(?:rows?|messages|examples?|documents?|texts?|records?|samples?|comments|posts|sentences|articles|answers?|items|lines|pages|files?|everything|"
    r"anything|whatever)\b"
)


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """Rows that are to go or stay for what they hold; else a new column; else what is to be masked."""
    kinds, general = _kinds(phrase, scene), GENERAL.search(phrase.lower)
    if kinds or general:
        spans = [*kinds.values(), *([general.span()] if general else [])]
        span = (min(start for start, _ in spans), max(end for _, end in spans))
        found = _counted(phrase, scene, kinds, span) or _filtered(phrase, scene, kinds, span)
        if found:
            lacks = next((f"finding {what} (no operator does)" for what, pattern in UNKNOWN.items() if re.search(pattern, phrase.lower)), "")
            return [replace(wish, lacks=lacks) for wish in found]
    return [] if speaks_of_rows(phrase) else _masked(phrase, scene, kinds)


def _kinds(phrase: Phrase, scene: Scene) -> dict[str, Span]:
    """The kinds that the clause names, where it does not mean a column of that name."""
    columns = [(mention.start, mention.end) for mention in mentions(phrase, scene.main) if mention.column.name.lower() in phrase.lower]
    found = {kind: match.span() for kind, pattern in KINDS.items() if (match := re.search(pattern, phrase.lower))}
    return {kind: span for kind, span in found.items() if not any(span == column for column in columns)}


def _counted(phrase: Phrase, scene: Scene, kinds: dict[str, Span], span: Span) -> list[Wish]:
    """`a column with the number of e-mail addresses`."""
    counts, column = _COUNTS.search(phrase.lower), text_of(phrase, scene.main)
    if not counts or phrase.side != "do" or column is None or slots.bounds(phrase.lower):
        return []
    name = new_name(phrase, scene) or "pii_count"
    return [
        Wish(
            op="pii_count",
            id="personal_data",
            stage=ADD,
            params={"types": sorted(kinds)} if kinds else {},
            on=column.name,
            rename={"pii_count": name},
            span=(min(span[0], counts.start()), span[1]),
            evidence=f"pii_count of {column.name} as column {name}: {', '.join(sorted(kinds)) or 'all kinds'}",
        )
    ]


def _filtered(phrase: Phrase, scene: Scene, kinds: dict[str, Span], span: Span) -> list[Wish]:
    column = text_of(phrase, scene.main)
    if column is None or _OTHER.search(phrase.lower) or SPARED.search(phrase.lower):
        return []
    before = [one for one in slots.bounds(phrase.lower) if one.end <= span[0]]
    bound = next((one for one in before if _BETWEEN.fullmatch(phrase.lower[one.end : span[0]])), None)
    if bound is None:
        is_row = phrase.side in ("keep", "drop") and (speaks_of_rows(phrase) or _ONE_HOLDS.search(phrase.lower, 0, span[0]))
        if not is_row or not (_HOLDS.search(phrase.lower, 0, span[0]) or _STANDS.match(phrase.lower, span[1])) or _of_texts(phrase, span):
            return []
        params: dict[str, object] = {"at_most": 0} if goes(phrase, span[0]) != bool(LACKS.search(phrase.lower, 0, span[0])) else {"at_least": 1}
        return _wishes(phrase, column.name, kinds, params, span)
    kept = bound.outside() if phrase.side == "drop" and goes(phrase, bound.start) else bound
    if kept is None:
        return []
    low, high = kept.whole()
    bounds: dict[str, object] = {name: value for name, value in (("at_least", low), ("at_most", high)) if value is not None}
    return _wishes(phrase, column.name, kinds, bounds, (min(bound.start, span[0]), max(bound.end, span[1])), together=True)


def _of_texts(phrase: Phrase, span: Span) -> bool:
    """`remove all phone numbers from the texts`: the pieces are to go, not the rows."""
    return bool(re.match(r"\s*(?:are |is |that are |found )?(?:from|in|inside|within|out of)\b", phrase.lower[span[1] :])) and not speaks_of_rows(
        phrase
    )


def _wishes(phrase: Phrase, column: str, kinds: dict[str, Span], params: dict[str, object], span: Span, together: bool = False) -> list[Wish]:
    """One step for all kinds; one for each where a row must hold all of them."""
    between = phrase.lower[span[0] : span[1]]
    each = "at_least" in params and not together and len(kinds) > 1 and not re.search(r"\bor\b|/", between)
    groups = [[kind] for kind in sorted(kinds)] if each else [sorted(kinds)]
    return [
        Wish(
            op="pii_count",
            id="personal_data" if "at_least" in params else "no_personal_data",
            stage=CHEAP,
            params={**({"types": types} if types else {}), **params},
            on=column,
            filters=True,
            span=span,
            evidence=f"pii_count of {column}: {', '.join(types) or 'all kinds'}, {params} from {phrase.text[slice(*span)]!r}",
        )
        for types in groups
    ]


def _masked(phrase: Phrase, scene: Scene, kinds: dict[str, Span]) -> list[Wish] | Trouble:
    """Personal data of the kinds named, or of all kinds where only personal data is said."""
    verb, general = MASKS.search(phrase.lower) or FORBIDS.search(phrase.lower), GENERAL.search(phrase.lower)
    unknown = next((what for what, pattern in UNKNOWN.items() if re.search(pattern, phrase.lower)), None)
    if general and unknown and not kinds and re.match(r"anonymi|pseudonymi|de-?identif", general[0]):
        general = None
    if not verb or not (kinds or general):
        strong = verb and re.match(r"mask|redact|anonymi|pseudonymi|scrub|hide|de-?identify", verb[0])
        trouble = Trouble("refuse", f"{phrase.text!r}: winnow has no operator that finds {unknown} yet; mask_pii masks {', '.join(BY_DEFAULT)}.")
        return trouble if strong and unknown else []
    spans = [*kinds.values(), *([general.span()] if general else [])]
    span = (min(start for start, _ in spans), max(end for _, end in spans))
    types = _types(phrase, kinds, general)
    params: dict[str, object] = ({"types": types} if types else {}) | _instead(phrase, scene, span[1])
    shown = "".join(f", {name}={value!r}" for name, value in params.items() if name != "types")
    wish = rewritten("mask_pii", "masked", phrase, scene, span, (", ".join(types) or "all kinds of personal data") + shown, params)
    if isinstance(wish, Trouble):
        return wish
    return [replace(wish, lacks=f"finding {unknown} (no operator does)")] if unknown else [wish]


def _types(phrase: Phrase, kinds: dict[str, Span], general: re.Match[str] | None) -> list[str]:
    """What is named; beside `all personal data` what is not spared."""
    spared, alike = SPARED.search(phrase.lower), ALIKE.search(phrase.lower)
    if general and alike and general.end() < alike.start() and all(start >= alike.start() for start, _ in kinds.values()):
        return []  # `anonymise it, the same e-mail gets the same placeholder`: an example
    left_out = {kind for kind, (start, _) in kinds.items() if spared and start >= spared.end()}
    if left_out and (general or not kinds.keys() - left_out):
        return [kind for kind in BY_DEFAULT if kind not in left_out]
    return sorted(kinds.keys() - left_out)


def _instead(phrase: Phrase, scene: Scene, at: int) -> dict[str, object]:
    """What is to stand there: a text that is said, else numbers, codes or values of like form."""
    if LIKE.search(phrase.lower):
        return {"keep_form": True}
    alike = ALIKE.search(phrase.lower) or ALIKE.search(scene.goal.lower())
    if HASHED.search(phrase.lower) and not re.search(r"(?:with|by) an? hash\b(?! of)", phrase.lower):
        return {"placeholder": "[{type}_{code}]"}
    holder = placeholder(phrase, at)
    if holder is not None:
        return {"placeholder": holder}
    if alike:
        return {"placeholder": "[{type}_{code}]" if EVERYWHERE.search(scene.goal.lower()) else "[{type}_{number}]"}
    return {}
