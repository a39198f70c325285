"""Reads how many rows to take and which: random samples, the first, the best, the top share, parts for training and testing."""

import re

from . import mixing, slots
from .clauses import Phrase
from .columns import Mention, mentions, text_of
from .profile import Column
from .wishes import EVERY, SELECT, SPLIT, Columns, Scene, Trouble, Wish

ROW_NOUNS = (
    r"(?:rows?|examples?|samples?|items?|records?|entries|entry|lines?|documents?|docs?|messages?|texts?|pages?|questions?|"
    r"answers?|pairs?|instances?|data ?points?|excerpts?|articles?|comments?|reviews?|posts?|instructions?|conversations?|"
    r"sentences?|paragraphs?|problems?|observations?|stories|story|of them|in total|tweets?|prompts?|tasks?|snippets?|"
    r"programs?|abstracts?|headlines?|tickets?|emails?|mails?|logs?|utterances?|queries|passages?)"
)
_RANDOM = re.compile(
    r"\brandom\w*|\bsubsampl\w*|\bdown-?sampl\w*|\bsample\b|\bsampling\b|\bat chance\b|\barbitrar\w+|\bshuffled?\b|\bseed\b|\bdraw\b|\bpick any\b"
)
_FIRST = re.compile(
    rf"\b(?:first|head|top|initial|leading)\s+(?P<n>{slots.NUMBER})\b(?<!first one)(?!\s*(?:words?|characters?|tokens?|sentences?|"
    rf"lines? (?:of|in|from|per) (?:each|every|the (?!file|data|input)|its|all)))|"
    rf"\b(?P<m>{slots.NUMBER})\s+(?:rows?|records?|lines?|examples?)\s+from the (?:start|top|beginning)"
)
_TOP = re.compile(
    r"\b(?P<high>top|upper(?= (?:half|third|quarter|fifth|tenth|\d))|highest|best|largest|biggest|greatest|most|maximum|"
    r"longest|easier|better|stronger|higher|larger|newest|"
    r"latest|easiest|strongest|highest[- ](?:rated|scored|scoring|ranked))\b|"
    r"\b(?P<low>lowest|fewest|lower(?= (?:half|third|quarter|fifth|tenth|\d))|worst|smallest|least|minimum|shortest|harder|worse|"
    r"weaker|lower|smaller|oldest|earliest|bottom|"
    r"hardest|weakest|lowest[- ](?:rated|scored|scoring|ranked))\b"
)
_OF_A_BUNCH = re.compile(r"\b(?:of|per|in|from|for) (?:each|every|a) (?:\w+ )?(?:bunch|group|cluster|family|set|pair|kind|heap|such)\b")
_BY = re.compile(
    r"\b(?:by|according to|in terms of|ranked by|sorted by|based on|measured by|with the (?:highest|lowest|best|largest|"
    r"smallest|greatest|most|least|top)|(?:highest|lowest|best|largest|smallest|greatest))\s+(?:the\s+|their\s+|its\s+|"
    r"column\s+)*(?P<what>[\ue000]+|[a-z][\w-]*)"
)
SPLITS = re.compile(
    r"\b(?:train(?:ing)?|test|dev|val(?:id(?:ation)?)?|eval(?:uation)?)\s*(?:set\s*)?(?:/|,|-|and|\+|&|\s+from\s+)\s*(?:an?\s+|"
    r"the\s+)?(?:train(?:ing)?|test|dev|val(?:id(?:ation)?)?|eval(?:uation)?)\b|"
    r"\bhold(?:ing)?[ -](?:\S+ ){0,3}?(?:out|back)\b|\bheld-?out (?:set|part|split)\b|\b(?:set|setting|put|putting|lay|"
    r"leave|leaving|keep|keeping|place) (?:\S+ ){0,3}?aside\b|"
    r"\b(?:reserve|reserving|spare|keep|leave|save) (?:\S+ ){1,4}?(?:for|as) (?:an? |the )?(?:final |later )?(?:test\w*|"
    r"validation|evaluation|dev)\b|\b(?:split|divide|"
    r"partition)\b.*\b(?:in half|in two|train\w*|test|val|validation|dev|parts?|halves|sets?|\d+\s?%?\s?[/:-]\s?\d+)\b|\b(?:train\w*|test|"
    r"validation)[ -]split\b|\b\d+\s?%?\s*/\s*\d+\s?%?(?:\s*/\s*\d+\s?%?)?\s+split\b"
)
_PART_SHARE = re.compile(
    r"\b(?:train|val|test|dev|eval)\w*(?: set| part| data| split)?\s*(?:[:=(]|is|gets|of)?\s*\d+(?:\.\d+)?\s?%.*\b(?:train|val|test|dev|eval)\w*"
)
_OF = r"\d\s?(?:%|percent|per cent)?\s*(?:of (?:the )?rows )?(?:for\s+|goes to\s+|as\s+|in\s+)?(?:the\s+)?"
_SPLIT_SHARES = re.compile(
    rf"{_OF}train\w*\b.{{0,40}}{_OF}(?:validation|valid|val|test|dev|eval)\w*\b|{_OF}(?:validation|val|test|dev)\w*\b.{{0,40}}{_OF}train\w*\b"
)
_STRATIFIED = "a split in which each part has the same shares of every class"
_KEEPS_SHARES = re.compile(r"\bstratif|\bproportions?\b|\bdistributions?\b")
_PARTS = (
    ("train", r"\btrain(?:ing)?\b"),
    ("validation", r"\bvalid(?:ation)?\b|\bdev(?:elopment)?\b|\bval\b"),
    ("test", r"\btest(?:ing)?\b|\beval(?:uation)?\b"),
)
_TOGETHER = re.compile(
    r"\b(?:same side|same (?:split|part|set|half|file)|not be split|never (?:be )?(?:split|separated|on both)|both sides|"
    r"stay together|kept together|keep .* together|land together|by group|grouped by|group-?wise|without leak\w*|"
    r"(?:in|on|into) both(?! cases| languages| columns)|across (?:both|the) (?:splits|parts|sets|sides)|straddl\w+|leak)\b"
)


_TWINS = re.compile(
    r"\b(?:near[- ]?)?duplicates?\b|\bnear[- ]identical\b|\b(?:similar|alike|almost the same|same) texts?\b|\b(?:variants?|copies|twins)\b"
)
_APART = re.compile(r"\b(?:on|in|to) (?:different|two|other|both) (?:sides?|parts?|splits?|sets?|halves|files)\b|\bleak\w*|\bseparat\w+")


def read_per_label(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """`70% of the ham and all of the spam`: a share of each class is more than a sample can do."""
    if mixing.of_labels(phrase, scene):
        return []
    labels = [re.escape(label.lower()) for column in scene.main.columns for label in column.labels if len(label) > 2]
    each = [label for label in labels if re.search(rf"\b\d[\d,]*k?\s+(?:random\s+)?{label}\b", phrase.lower)]
    if len(each) > 1:
        return Trouble(
            "refuse", f"{phrase.text!r}: winnow has no operator yet that takes another number of each class; `balance` takes the same of each."
        )
    for share in (*slots.shares(phrase.lower), *slots.numbers(phrase.lower)) if labels else ():
        of = r"\s+of\s+(?:the\s+|all\s+)?" if not share.share else r"\s+(?:of\s+)?(?:the\s+|all\s+)?"
        if re.match(rf"{of}(?:{'|'.join(labels)})\b", phrase.lower[share.end :]):
            return Trouble("refuse", f"{phrase.text!r}: winnow has no operator yet that takes another share of each class.")
    return []


def read_split(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """Train, validation and test, with the shares said, rows of one group on one side."""
    match = SPLITS.search(phrase.lower) or _SPLIT_SHARES.search(phrase.lower) or _PART_SHARE.search(phrase.lower)
    if not match or re.search(r"\b(?:sentences?|chunks?|words|paragraphs?|lines)\b", phrase.lower[match.start() : match.end()]):
        return []
    group, kin = _group(scene), _kin(phrase, scene)
    if not group and kin:
        group = "kin.cluster"
    kin = kin if group == "kin.cluster" else []
    count = count_of(phrase)
    if count and not slots.shares(phrase.lower) and not slots.ratio(phrase.lower):
        return [*kin, _split_rows(phrase, count, group)]
    shares = _shares(phrase)
    if isinstance(shares, Trouble):
        return shares
    held = {"validation": 0.0, "test": 0.0} | {name: share for name, share in shares.items() if name != "train"}
    params: dict[str, object] = {name: held[name] for name, usual in (("validation", 0.1), ("test", 0.0)) if held[name] != usual}
    params |= {"by": "group"} if group else {}
    on: Columns = {"group": group} if group else None
    shown = ", ".join(f"{name}={share:g}" for name, share in shares.items())
    return [
        *kin,
        Wish(
            op="split",
            id="parts",
            stage=SPLIT,
            params=params,
            on=on,
            span=(0, len(phrase.lower)),
            lacks=_STRATIFIED if _KEEPS_SHARES.search(phrase.lower) else "",
            evidence=f"split: {shown}{f', rows of one {group} together' if group else ''} from {phrase.text[match.start() : match.end()]!r}",
        ),
    ]


def _split_rows(phrase: Phrase, count: slots.Number, group: str | None) -> Wish:
    """`hold out 500 rows for testing`."""
    name = next((name for name, pattern in _PARTS[:0:-1] if re.search(pattern, phrase.lower)), "validation")
    params: dict[str, object] = {f"{name}_rows": int(count.value)} | ({} if name == "validation" else {"validation": 0.0})
    params |= {"by": "group"} if group else {}
    shown = phrase.text[count.start : count.end]
    return Wish(
        op="split",
        id="parts",
        stage=SPLIT,
        params=params,
        on={"group": group} if group else None,
        span=(0, len(phrase.lower)),
        lacks=_STRATIFIED if _KEEPS_SHARES.search(phrase.lower) else "",
        evidence=f"split: {name}_rows={int(count.value)} from {shown!r}",
    )


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """How many rows, and which."""
    if re.search(r"\binversely\b|\binverse prop|\bchunk|\bbalanced?\b|\bstratif|\bmix\b|\bblend\b", phrase.lower):
        return []
    top = _top(phrase, scene)
    if top:
        return top
    count, share = count_of(phrase), next(iter(slots.shares(phrase.lower)), None)
    first = _FIRST.search(phrase.lower)
    if first and not _RANDOM.search(phrase.lower):
        rows = int(slots.value(first["n"] or first["m"])[0])
        return [
            Wish(
                op="first_n",
                id="first_rows",
                stage=SELECT,
                params={"rows": rows},
                port="dropped" if phrase.side == "drop" else "kept",
                span=first.span(),
                evidence=f"first_n: rows={rows} from {first[0]!r}",
            )
        ]
    if _RANDOM.search(phrase.lower) and (count or share):
        return [_sample(phrase, count, share)]
    if count and phrase.side in ("keep", "do", "") and _is_cap(phrase, count):
        return [_sample(phrase, count, None)]
    if share and phrase.side == "keep" and re.search(r"\b(?:of (?:the|all|these|my)|rows|data)\b", phrase.lower[share.end :]):
        return [_sample(phrase, None, share)]
    return []


def _sample(phrase: Phrase, count: slots.Number | None, share: slots.Number | None) -> Wish:
    params: dict[str, object] = {"rows": int(count.value)} if count else {"share": round(share.value, 6) if share else 1.0}
    at = count or share
    span = (at.start, at.end) if at else (0, 0)
    shown = ", ".join(f"{name}={value}" for name, value in params.items())
    return Wish(
        op="random_sample",
        id="sample",
        stage=SELECT,
        params=params,
        span=span,
        evidence=f"random_sample: {shown} from {phrase.text[span[0] : span[1]]!r}",
    )


def count_of(phrase: Phrase) -> slots.Number | None:
    """A number of rows: one before a word for rows, not before a unit of size."""
    for number in slots.numbers(phrase.lower):
        if (
            number.share
            or re.search(r"\d\s?/\s?$", phrase.lower[: number.start])
            or re.match(r"\s?/\s?\d", phrase.lower[number.end :])
            or re.match(r"\s*(?:thirds|quarters|fifths|tenths)\b", phrase.lower[number.end :])
            or number.value < 1
            or re.search(r"\b(?:at least|more than|over|fewer than|less than|under|above|below|minimum(?: of)?)\s+$", phrase.lower[: number.start])
            or number.value != int(number.value)
            or re.search(r"\bseed\s*(?:is|=|:|of)?\s*$", phrase.lower[: number.start])
        ):
            continue
        tail = phrase.lower[number.end :]
        noun = re.match(rf"\s*(?:[\w-]+\s+){{0,3}}?{ROW_NOUNS}\b", tail)
        plural = re.match(r"\s+(?:[a-z-]+\s+){0,3}?(?P<noun>[a-z]+s)\b", tail)
        if re.match(
            r"[\s-]*(?:%|[a-z]+ly\s+)?(?:words?|characters?|chars?|tokens?|bytes?|letters?|times|years?|stars?|files?|columns?|"
            r"inputs?|parts?|folds?|sides?|languages?|topics?|classes|categories)\b",
            tail,
        ):
            continue
        asked = re.search(
            r"\b(?:keep|take|top|first|random|randomly|sample|draw|pick|get|best|only|most|up to|choose)\s+$", phrase.lower[: number.start]
        )
        listed = re.search(r"\b(?:or|and|to|,)\s*$", phrase.lower[: number.start]) and not noun
        if not listed and (noun or plural or re.match(r"\s*(?:at random|randomly|of\b)", tail) or (asked and re.match(r"\s*(?:$|,)", tail))):
            return number
    return None


def _is_cap(phrase: Phrase, count: slots.Number) -> bool:
    around = phrase.lower
    most = re.search(r"\b(?:at most|no more than|not more than|up to|maximum|max|at the most|limit\w*|cap\w*|only)\b", around)
    plain = re.match(
        r"\s*(?:and\s+|then\s+|also\s+)*(?:please\s+)?(?:just\s+|only\s+)?(?:keep|take|give me|select|choose|pick|get|want|need|"
        r"i want|i need|we need|return|leave)\b[^,;]{0,20}$",
        around[: count.start],
    )
    last = re.match(rf"\s*(?:{ROW_NOUNS}|[a-z]+s)?\s*(?:at most|is enough|are enough|will do|suffice|in total|total|max)?\s*$", around[count.end :])
    return bool((most or plain) and (last or re.match(rf"\s+(?:\w+\s+)?{ROW_NOUNS}\b(?!\s+(?:with|that|whose|where|from))", around[count.end :])))


def _top(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    match = _TOP.search(phrase.lower)
    number = count_of(phrase)
    share = next(iter(slots.shares(phrase.lower)), None)
    if match and not share and re.fullmatch(r"easier|better|stronger|higher|larger|harder|worse|weaker|lower|smaller", match[0]):
        return []
    if not match or not (number or share):
        return []
    one_of_each = _OF_A_BUNCH.search(phrase.lower) or re.search(r"\bwins?\b|\bper\b|\bonce\b", phrase.lower)
    if number and number.value == 1 and one_of_each:
        return []
    if match[0] in ("most", "least") and re.search(r"\bat\s+(?:the\s+)?$", phrase.lower[: match.start()]):
        return []
    column = _ranked_by(phrase, scene, match)
    if isinstance(column, Trouble):
        return column
    if column is None:
        return (
            [] if match[0] == "top" and number and not share else Trouble("ask", f"{phrase.text!r}: by which column? The data has {_numbers(scene)}.")
        )
    descending = bool(match["high"])
    said = phrase.text[match.start() : match.end()]
    length = column if isinstance(column, str) else None
    on = f"lengths.{length}" if length else column.name if isinstance(column, Column) else None
    wishes = [_lengths(phrase, scene, length, match.span())] if length else []
    if share and not number:
        return [*wishes, _quantile(phrase, share, descending, str(on), match.span())]
    rows = int(number.value) if number else 1
    op = "top_k" if descending else "bottom_k"
    return [
        *wishes,
        Wish(
            op=op,
            id="best" if descending else "lowest",
            stage=SELECT,
            params={"rows": rows},
            port="dropped" if phrase.side == "drop" else "kept",
            on={"by": on} if on else None,
            span=match.span(),
            evidence=f"{op}: rows={rows}, {'highest' if descending else 'lowest'} {on} first, from {said!r}",
        ),
    ]


def _lengths(phrase: Phrase, scene: Scene, measure: str, span: tuple[int, int]) -> Wish:
    beside = (one.column for one in mentions(phrase, scene.main) if one.column.kind == "text" and one.start == span[1] + 1)
    column = next(beside, None) or text_of(phrase, scene.main)
    return Wish(
        op=measure,
        id="lengths",
        stage=SELECT,
        on=column.name if column else None,
        span=span,
        evidence=f"{measure}: longest and shortest are measured in {measure}",
    )


def _quantile(phrase: Phrase, share: slots.Number, high: bool, on: str, span: tuple[int, int]) -> Wish:
    cut = round(1 - share.value, 6) if high != (phrase.side == "drop") else round(share.value, 6)
    keep_high = high if phrase.side != "drop" else not high
    params: dict[str, object] = {"at_least": round(1 - share.value, 6)} if high else {"at_most": round(share.value, 6)}
    if phrase.side == "drop":
        params = {"at_most": round(1 - share.value, 6)} if high else {"at_least": round(share.value, 6)}
    shown = ", ".join(f"{name}={value}" for name, value in params.items())
    return Wish(
        op="quantile",
        id="upper_share" if keep_high else "lower_share",
        stage=SELECT,
        params=params,
        on=on,
        filters=True,
        span=(span[0], max(span[1], share.end)),
        evidence=f"quantile: {shown} of {on} from {phrase.text[share.start : share.end]!r} (cut at {cut:g})",
    )


def _ranked_by(phrase: Phrase, scene: Scene, match: re.Match[str]) -> Column | str | Trouble | None:
    named = [mention for mention in mentions(phrase, scene.main) if mention.column.is_number]
    by = [
        mention
        for mention in named
        if re.search(
            r"\b(?:by|highest|lowest|best|largest|smallest|greatest|most|least|to|of|the|on|worst|top)\s+(?:the\s+|their\s+|column\s+)*$",
            phrase.lower[: mention.start],
        )
    ]
    if by or (named and match[0] not in ("longest", "shortest")):
        chosen: Mention = (by or named)[0]
        return chosen.column
    counted = re.search(r"\b(?:fewest|most|least|number of) (words|characters)\b", phrase.lower)
    if counted:
        return counted[1]
    if match[0] in ("longest", "shortest") or re.search(r"\bby (?:length|word count|number of words)\b", phrase.lower):
        return "characters" if re.search(r"\bcharacters?\b", phrase.lower) else "words"
    said = _BY.search(phrase.lower)
    if said:
        name = phrase.text[said.start("what") : said.end("what")].strip("`'\"")
        if not re.fullmatch(ROW_NOUNS, name.lower()):
            return Trouble("ask", f"There is no column {name!r} to rank by; the data has {', '.join(scene.main.names)}. Which one is meant?")
    return None


def _numbers(scene: Scene) -> str:
    names = [column.name for column in scene.main.columns if column.kind == "number"]
    return f"the number columns {', '.join(names)}" if names else f"no number column, only {', '.join(scene.main.names)}"


def _shares(phrase: Phrase) -> dict[str, float] | Trouble:
    names = [name for name, pattern in _PARTS if re.search(pattern, phrase.lower)]
    said = slots.ratio(phrase.lower)
    if not said:
        said = [number.value for number in slots.shares(phrase.lower)]
    order = sorted(names, key=lambda name: re.search(dict(_PARTS)[name], phrase.lower).start())  # type: ignore[union-attr]
    if len(said) == 3:
        return dict(zip(order if len(order) == 3 else ["train", "validation", "test"], said, strict=True))
    other = next((name for name in order if name != "train"), "validation")
    if len(said) >= 2 and abs(sum(said[:2]) - 1) < 1e-6:
        first, second = said[:2]
        train_first = order[:1] == ["train"] or "train" not in order
        return {"train": first if train_first else second, other: second if train_first else first}
    if len(said) == 1:
        aside = said[0] if said[0] <= 0.5 else round(1 - said[0], 6)
        return {"train": round(1 - aside, 6), other: aside}
    if said:
        return Trouble("ask", f"{phrase.text!r}: the shares {', '.join(f'{one:g}' for one in said)} do not add up to 100%.")
    if {"validation", "test"} <= set(names):
        return {"train": 0.8, "validation": 0.1, "test": 0.1}
    return {"train": 0.9, other: 0.1}


def keeps_together(phrase: Phrase, goal: str) -> bool:
    """Whether the clause only says which rows a split must not part."""
    return bool(_TOGETHER.search(phrase.lower)) and bool(SPLITS.search(goal.lower())) and not SPLITS.search(phrase.lower)


def _kin(phrase: Phrase, scene: Scene) -> list[Wish]:
    """Where near-duplicates must not be parted: a step that finds them and lets all of them go on."""
    from .clauses import split

    said = [one for one in split(scene.goal) if _TWINS.search(one.lower) and (_TOGETHER.search(one.lower) or _APART.search(one.lower))]
    column = text_of(phrase, scene.main) if said else None
    if column is None:
        return []
    evidence = f"minhash_dedup of {column.name}: near-duplicates are found, and all of them go on"
    return [Wish(op="minhash_dedup", id="kin", stage=SPLIT, on=column.name, port=EVERY, span=(0, len(phrase.lower)), evidence=evidence)]


def _group(scene: Scene) -> str | None:
    """The column whose equal values must not be parted, wherever the goal says so."""
    from .clauses import split

    for phrase in split(scene.goal):
        if _TOGETHER.search(phrase.lower):
            named = [mention.column.name for mention in mentions(phrase, scene.main)]
            if named:
                return named[-1]
    return None
