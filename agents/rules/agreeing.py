"""Reads what must hold between two texts of a row: the right answer, an answer that stands in its context, one language, a ratio of lengths."""

import re

from . import slots
from .clauses import Phrase, goes
from .columns import CALLED, mentions
from .conditions import compares_lengths
from .profile import Column, Table
from .sql import name_of
from .wishes import FILTER, Scene, Trouble, Wish

# what people call a column, and how such columns are named, best first
ROLES: dict[str, tuple[str, ...]] = {
    **{noun: names for noun, names in CALLED.items() if noun not in ("headline", "heading", "topic", "category", "class", "intent", "label")},
    "input": ("input", "question", "prompt", "instruction", "source"),
    "context": ("context", "contexts", "passage", "passages", "paragraph", "document", "documents", "article", "source", "text", "input"),
    "passage": ("passage", "passages", "paragraph", "context", "contexts", "text"),
    "paragraph": ("paragraph", "passage", "context", "text"),
    "document": ("document", "documents", "context", "passage", "text"),
    "article": ("article", "document", "context", "text"),
    "source": ("source", "src", "source_text", "original", "text", "input"),
    "translation": ("translation", "target", "output", "tgt"),
    "summary": ("summary", "output", "response", "highlights", "target"),
    "original": ("original", "source", "text", "input", "document"),
    "text": ("text", "context", "passage", "document"),
    "reply": ("reply", "response", "output", "answer", "completion"),
}
TRUTHS = (
    "ground_truth", "groundtruth", "gold", "gold_answer", "reference_answer", "reference", "correct_answer", "expected_answer", "expected", "truth",
    "true_answer", "target", "final_answer", "answer", "label",
)  # fmt: skip
SOLUTIONS = (
    "solution",
    "response",
    "output",
    "completion",
    "generation",
    "prediction",
    "predicted",
    "model_answer",
    "model_output",
    "generated",
    "reasoning",
)
SHORT_ANSWER = 40  # characters, in the mean
_RIGHT = re.compile(
    r"\b(?P<bad>wrong|incorrect)(?:ly)?\s+(?:final\s+)?(?:answers?|solutions?|results?|solved|answered)\b"
    r"|\b(?:correct|right)(?:ly)?\s+(?:final\s+)?(?:answers?|solutions?|results?|solved|answered)\b"
    r"|\b(?:answers?|solutions?|results?)\s+(?:is|are|that are|which are|must be|should be|has to be)\s+(?:(?P<also>wrong|incorrect)|correct|right)\b"
)
_MATCHES = re.compile(
    r"\b(?:final|last|boxed|numeric(?:al)?|computed)\s+(?:answers?|results?|numbers?|values?)\b[^.;]{0,60}?"
    r"\b(?P<verb>match\w*|equals?|agrees?|is the same as|are the same as|the same as|corresponds?|is identical to|disagrees?|differs?|is not)\b"
    r"|\b(?:solutions?|reasoning|responses?)\b[^.;]{0,40}?\b(?P<reach>reach\w*|arriv\w*|lead\w*|end\w*|get\w*|com\w+)\s+(?:at|to|with|"
    r"in|up with)?\s*(?:the )?"
    r"(?:(?P<bad>wrong|incorrect)|right|correct|same|reference|gold|expected|wanted)?\s*(?:final )?(?:answer|result|ground truth)"
)
_UNEQUAL = re.compile(r"disagree|differ|is not")
_STANDS = re.compile(
    r"\b(?P<verb>occurs?|occurring|appears?|appearing|stands?|standing|contained|found|present|mentioned|exists?|taken|quoted|"
    r"grounded|supported|lies?|"
    r"copied|extracted|comes?|verbatim|(?:is|are|be)(?= (?:not )?(?:in|within|part of|a (?:span|part|substring) of)\b)|(?P<bad>missing|absent))\b"
    r"[^.;,]{0,30}?\b(?:in|within|inside|from|by|of)\s+(?:the |its |their |that |given |same |corresponding )*(?P<where>context|"
    r"passage|paragraph|document|article|source|text)s?\b"
)
_CONTAINS = re.compile(
    r"\b(?:context|passage|paragraph|document|article|source)s?\b[^.;,]{0,30}?\b(?P<verb>contains?|holds?|includes?|mentions?|has|"
    r"have)\b[^.;,]{0,20}?\b(?:answer|response|output|span)s?\b"
)
_OVERLAP = re.compile(r"\b(?:words?|tokens?)\b")
_LANGUAGE = re.compile(
    r"\b(?:same|matching|identical|one) languages?\b|\bin the languages? of the\b|\blanguages?\b[^.;]{0,30}?\b(?:match(?:es)?|agrees?|"
    r"is the same|are the same)\b"
    r"|(?P<bad>\b(?:different|another|other|wrong|mismatched|mismatching) languages?\b|\blanguage mismatch\w*|"
    r"\blanguages?\b[^.;]{0,30}?\b(?:differ|mismatch|do not match|don't match|does not match|doesn't match|disagree)\w*)"
)
ENSURES = re.compile(r"(?:please )?(?:make sure|ensure|check|verify|see to it)\b")
_TIMES = r"(?:times|x\b|×|fold)"
_SIZED = {
    "twice": 2.0,
    "double": 2.0,
    "thrice": 3.0,
    "triple": 3.0,
    "half": 0.5,
    "a third": 1 / 3,
    "one third": 1 / 3,
    "a quarter": 0.25,
    "two thirds": 2 / 3,
}
_AMOUNT = rf"(?P<amount>{'|'.join(_SIZED)}|{slots.NUMBER})"
_RATIO = re.compile(
    rf"\b(?P<way>at most|at least|no more than|not more than|up to|less than|fewer than|under|below|more than|over|no less than|not less than|"
    rf"(?:no|not) longer than|longer than|(?:no|not) shorter than|shorter than|exceeds?|exceeding|within)\s+(?:about |roughly |"
    rf"around )?{_AMOUNT}\s*{_TIMES}?\s*"
    r"(?:(?:as long as|longer than|as many (?P<unit>words|characters|tokens) as|(?:of )?the (?:length|size|(?P<count>word|character|"
    r"token) count) of|the length)(?P<how>)\b\s*)?"
    r"(?:(?:the|its|their|that of the|that of)\s+)*(?=(?P<other>[\w\ue000]+))"
)
_UPPER = (
    "at most",
    "no more than",
    "not more than",
    "up to",
    "less than",
    "fewer than",
    "under",
    "below",
    "no longer than",
    "not longer than",
    "shorter than",
    "within",
)
_LENGTH = re.compile(r"longer|shorter")
_PLAIN = re.compile(r"\b(?P<no>no |not |isn't |never )?(?P<way>longer|shorter) than (?:(?:the|its|their|that of the)\s+)+(?=(?P<other>[\w\ue000]+))")


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """Filters by two columns at once."""
    if phrase.side not in ("keep", "drop") and not ENSURES.match(phrase.lower) and not _begins_with_column(phrase, scene):
        return []
    return _ratio(phrase, scene) or _language(phrase, scene) or _context(phrase, scene) or _math(phrase, scene)


def _begins_with_column(phrase: Phrase, scene: Scene) -> bool:
    """`output at most 3 times as long as the input`: no order to put anything out."""
    lead = re.match(r"(?:(?:the|each|every|all|their|its)\s+)*", phrase.lower)
    return any(start == (lead.end() if lead else 0) for start, _, _ in spoken(phrase, scene.main, nested=True))


def spoken(phrase: Phrase, table: Table, nested: bool = False) -> list[tuple[int, int, Column]]:
    """Columns that the clause names or calls by another word, left to right."""
    kinds = ("text", "nested") if nested else ("text",)
    found = [(one.start, one.end, one.column) for one in mentions(phrase, table) if one.column.kind in (*kinds, "number")]
    for noun, names in ROLES.items():
        column = named(table, names)
        if column is None or column.kind not in kinds:
            continue
        for match in re.finditer(rf"\b{noun[:-1] + '(?:y|ies)' if noun.endswith('y') else noun + '(?:e?s)?'}\b", phrase.lower):
            if not any(match.start() < end and start < match.end() for start, end, _ in found):
                found.append((*match.span(), column))
    return sorted(found, key=lambda one: one[0])


def named(table: Table, names: tuple[str, ...]) -> Column | None:
    plain = {column.name.lower(): column for column in table.columns}
    return next((plain[name] for name in names if name in plain), None)


def _pair(phrase: Phrase, scene: Scene, at: int, nested: bool = False) -> tuple[Column, Column] | None:
    """The column spoken of before this place and the one behind it; where nothing is said before, the text of the rows."""
    every = spoken(phrase, scene.main, nested)
    behind = next((column for start, _, column in every if start >= at), None)
    if behind is None:
        return None
    before = next((column for start, _, column in reversed(every) if start < at and column.name != behind.name), None)
    before = before or (scene.main.text if scene.main.text is not None and scene.main.text.name != behind.name else None)
    return (before, behind) if before is not None else None


def _wish(phrase: Phrase, op: str, params: dict[str, object], on: dict[str, str | list[str]], span: tuple[int, int]) -> Wish:
    shown = ", ".join(f"{name}={value}" for name, value in params.items())
    evidence = f"{op} of {' and '.join(str(name) for name in on.values())}{': ' if shown else ''}{shown}"
    return Wish(op=op, id=op, stage=FILTER, params=params, on=on, filters=True, span=span, evidence=evidence)


def _ratio(phrase: Phrase, scene: Scene) -> list[Wish]:
    if phrase.side in ("keep", "drop") and compares_lengths(phrase, scene):
        return []  # a condition like any other
    match = _RATIO.search(phrase.lower)
    if match is None or (match["how"] is None and not _LENGTH.search(match["way"])):
        return _longer(phrase, scene)
    pair = _pair(phrase, scene, match.start("other"))
    if pair is None:
        return []
    amount = _SIZED.get(match["amount"]) or slots.value(match["amount"])[0]
    upper = match["way"] in _UPPER
    if goes(phrase, match.start()):
        upper = not upper
    unit = match["unit"] or (f"{match['count']}s" if match["count"] else "")
    counted: dict[str, object] = {"counted_in": unit} if unit in ("words", "tokens") else {}
    params = {**counted, "at_most" if upper else "at_least": round(amount, 6)}
    span = _span(phrase, match.start(), match.start("other"), scene)
    return [_wish(phrase, "length_ratio", params, {"text": pair[0].name, "other": pair[1].name}, span)]


def _longer(phrase: Phrase, scene: Scene) -> list[Wish]:
    """`shorter than the input`: which of two texts is longer."""
    match = _PLAIN.search(phrase.lower)
    pair = _pair(phrase, scene, match.start("other")) if match else None
    if match is None or pair is None:
        return []
    sign = ">" if match["way"] == "longer" else "<"
    if goes(phrase, match.start("way")):
        sign = {">": "<=", "<": ">="}[sign]
    where = f"length({name_of(pair[0])}) {sign} length({name_of(pair[1])})"
    span = _span(phrase, match.start(), match.start("other"), scene)
    return [Wish(op="field", id=f"{match['way']}_than", stage=FILTER, params={"where": where}, filters=True, span=span, evidence=f"field: {where}")]


def _span(phrase: Phrase, start: int, other: int, scene: Scene) -> tuple[int, int]:
    every = spoken(phrase, scene.main)
    begins = [begin for begin, _, _ in every if begin < start]
    return max(begins, default=start), min((end for begin, end, _ in every if begin >= other), default=len(phrase.text))


def _language(phrase: Phrase, scene: Scene) -> list[Wish]:
    match = _LANGUAGE.search(phrase.lower)
    if match is None:
        return []
    columns = list({column.name: column for _, _, column in spoken(phrase, scene.main) if column.kind == "text"}.values())
    if len(columns) == 1 and scene.main.text is not None and scene.main.text.name != columns[0].name:
        columns = [scene.main.text, columns[0]]
    if len(columns) != 2:
        return []
    verb = re.search(r"match|agree|same|differ", match[0])
    wants_same = goes(phrase, match.start() + (verb.start() if verb and not match["bad"] else 0)) == bool(match["bad"])
    params: dict[str, object] = {} if wants_same else {"keep": "different"}
    return [_wish(phrase, "language_matches", params, {"text": columns[0].name, "other": columns[1].name}, (0, len(phrase.text)))]


def _context(phrase: Phrase, scene: Scene) -> list[Wish]:
    match = _STANDS.search(phrase.lower) or _CONTAINS.search(phrase.lower)
    if match is None:
        return []
    every = spoken(phrase, scene.main, nested=True)
    turned = match.re is _CONTAINS
    contexts = [column for start, _, column in every if (start < match.start("verb") if turned else start >= match.start("verb"))]
    answers = [column for start, _, column in every if (start > match.start("verb") if turned else start < match.start("verb"))]
    context = contexts[0] if contexts else None
    answer = next((column for column in reversed(answers) if context and column.name != context.name), None)
    if context is None or answer is None:
        return []
    bad = not turned and match["bad"] is not None
    wants_found = goes(phrase, match.start("verb") if turned else match.start("where")) == bad
    share = next((one for one in slots.bounds(phrase.lower) if one.share and one.low is not None), None) if _OVERLAP.search(phrase.lower) else None
    if share and not wants_found:
        return []
    params: dict[str, object] = {"at_least": share.low} if share else {} if wants_found else {"keep": "missing"}
    return [_wish(phrase, "answer_in_context", params, {"answer": answer.name, "context": context.name}, (0, len(phrase.text)))]


def _math(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    said = _MATCHES.search(phrase.lower)
    match = said or _RIGHT.search(phrase.lower)
    if match is None or any({"correct", "right", "true"} & {label.lower() for label in column.labels} for column in scene.main.columns):
        return []
    pair = _solution_and_truth(phrase, scene, match, compares=said is not None and said["verb"] is not None)
    if pair is None:
        if said is None:
            return []
        return Trouble("ask", f"Which column holds the right answer, and which the solution? The data has {', '.join(scene.main.names)}.")
    groups = match.groupdict()
    bad = bool(groups.get("bad") or groups.get("also") or _UNEQUAL.search(groups.get("verb") or ""))
    at = match.start("verb") if groups.get("verb") else match.start("reach") if groups.get("reach") else match.start()
    wants_right = goes(phrase, at) == bad
    params: dict[str, object] = {} if wants_right else {"keep": "wrong"}
    places = [(start, end) for start, end, column in spoken(phrase, scene.main) if column.name in (pair[0].name, pair[1].name)]
    span = min([match.start(), *(start for start, _ in places)]), max([match.end(), *(end for _, end in places)])
    return [_wish(phrase, "math_answer", params, {"solution": pair[0].name, "answer": pair[1].name}, span)]


def _solution_and_truth(phrase: Phrase, scene: Scene, match: re.Match[str], compares: bool) -> tuple[Column, Column] | None:
    table = scene.main
    every = [(start, column) for start, _, column in spoken(phrase, table)]
    behind = [column for start, column in every if compares and start >= match.start("verb")]
    truth = behind[0] if behind else named(table, TRUTHS)
    if truth is None or not (compares or _is_short(truth)):
        return None
    solutions = [column for _, column in every if column.name != truth.name and column.kind == "text"]
    solution = solutions[0] if solutions else named(table, tuple(name for name in SOLUTIONS if name != truth.name.lower()))
    if solution is None and compares and table.text is not None and table.text.name != truth.name:
        solution = table.text
    return (solution, truth) if solution is not None and solution.kind == "text" else None


def _is_short(truth: Column) -> bool:
    """An answer that can be told right from wrong by itself; prose cannot."""
    return truth.is_number or truth.mean_length <= SHORT_ANSWER or bool(truth.marks)
