"""Reads wishes to find, mark or drop rows whose label is probably wrong."""

import re

from .clauses import Phrase
from .columns import mentions
from .comparing import of_last_part
from .profile import Column, Table
from .wishes import ADD, FILTER, Scene, Trouble, Wish

_WRONG = (
    r"(?:wrong(?:ly)?|incorrect(?:ly)?|mistaken(?:ly)?|erroneous(?:ly)?|noisy|bad(?:ly)?|false(?:ly)?|suspicious|suspect|dubious|doubtful|unreliable|"
    r"questionable|inaccurate|mis-?assigned)"
)
_NAMED = r"(?:labels?|labell?ing|categor(?:y|ies)|class|annotations?|topics?|intents?)"
_WISH = re.compile(
    rf"\b(?:mis-?labell?\w*|mis-?annotat\w*|mis-?classif\w*|confident learning|clean ?lab)\b|"
    rf"\b{_NAMED}[- ](?:errors?|noise|mistakes?|issues|problems)\b|\b(?:errors?|mistakes?|noise) in (?:the |my |our )?{_NAMED}\b|"
    rf"\b(?:(?:likely|probably|possibly|apparently|seemingly|potentially)\s+)?{_WRONG}\s+(?:\w+\s+)?(?:labell?ed|{_NAMED}|annotated|classified|tagged)\b|"
    rf"\b{_NAMED}\b[^.;]{{0,40}}\b(?:is|are|be|look|looks|seem|seems|appear|appears)\b[^.;]{{0,30}}\b{_WRONG}\b|"
    rf"\b{_NAMED} (?:that |which )?(?:do not|does not|don't|doesn't) (?:fit|match|suit|agree)\b|\bcheck the labels\b"
)
_CORRECTS = re.compile(r"\b(?:fix|correct|repair|relabel\w*|re-label\w*|replace|change)\b(?! (?:labels?|rows?|ones) only)")
_ONLY_WRONG = re.compile(
    r"\b(?:keep|show|give|want|output|write|return|list|select)\b[^.;]{0,20}\bonly\b|"
    r"\bonly (?:want |need |keep |show me |write )?(?:the |those )?(?:\w+ )?(?:mis|rows|wrong|with)|"
    r"\bnothing but\b"
)
_RANKS = re.compile(r"\b(?:sort\w*|rank\w*|order(?:ed)? by)\b|\b(?:worst|most suspicious|most doubtful|likeliest) (?:ones? )?first\b")
_SUGGESTED = {"label_noise": "label_noise", "suggested": "suggested_label", "likely_wrong": "likely_wrong"}
_LABELS = re.compile(r"(?:^|_)(?:labels?|class|category|categories|topic|intent|sentiment|tag|type|target|annotation|y)(?:_|$)", re.IGNORECASE)
MOST_LABELS = 500


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """Dropped where the clause drops or cleans; else marked, with the label that fits better."""
    return of_last_part(phrase, lambda part: _read(part, scene))


def _read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    wish = _WISH.search(phrase.lower)
    if wish is None or any(re.search(rf"\b{re.escape(value.lower())}\b", wish[0]) for column in scene.main.columns for value in column.labels):
        return []  # `whose label is bad`, where `bad` is one of the labels
    text, label = scene.main.text, _label(phrase, scene.main)
    if text is None or text.kind != "text" or label is None or label.name == text.name:
        return Trouble("ask", f"{phrase.text!r}: which column is the label, and which is the text? The data has {', '.join(scene.main.names)}.")
    if _CORRECTS.search(phrase.lower) and phrase.side != "drop":
        return Trouble("unclear", "winnow marks labels that are probably wrong and suggests another; it does not put that in their place")
    drops = phrase.side == "drop" or bool(re.search(r"\b(?:clean|rid|without|purge)\b", phrase.lower))
    wrong_alone = not drops and bool(_ONLY_WRONG.search(phrase.lower))
    shown = "the rows that are likely wrong" if wrong_alone else "dropped where likely wrong" if drops else "marked, with a better label"
    span = (0, len(phrase.text))
    ranks = not drops and bool(_RANKS.search(phrase.lower))
    order = Wish(
        op="sort",
        id="worst_first",
        stage=ADD,
        on={"by": "label_noise"},
        params={"descending": True},
        span=span,
        evidence="sort by label_noise, descending",
    )
    return [
        Wish(
            op="label_noise",
            id="label_noise",
            stage=FILTER if drops or wrong_alone else ADD,
            params={"drop_likely_wrong": True} if drops or wrong_alone else {},
            on={"text": text.name, "label": label.name},
            rename=None if drops else dict(_SUGGESTED),
            port="dropped" if wrong_alone else "kept",
            filters=drops or wrong_alone,
            span=span,
            evidence=f"label_noise of {label.name} by {text.name}: {shown}",
        ),
        *([order] if ranks else []),
    ]


def _label(phrase: Phrase, table: Table) -> Column | None:
    """The column that the clause names, else one that is called a label and holds few values, else the only one with few values."""
    few = [column for column in table.columns if 1 < column.distinct <= MOST_LABELS and column.distinct * 2 <= max(column.filled, 4)]
    few = [column for column in few if column.kind in ("number", "flag") or column.labels or _LABELS.search(column.name)]
    said = [mention.column for mention in mentions(phrase, table) if mention.column in few]
    named = [column for column in few if _LABELS.search(column.name)]
    if said or named:
        return (said or sorted(named, key=lambda column: column.kind != "text"))[0]
    return few[0] if len(few) == 1 else None
