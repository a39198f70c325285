"""Reads wishes for coverage: diverse rows, clusters evened out, dense regions thinned, what is typical dropped, rows like a reference."""

import re
from collections.abc import Mapping

from . import slots
from .choosing import ROW_NOUNS, count_of
from .clauses import Phrase
from .columns import mentions, text_of
from .mixing import names_of
from .profile import Column, Table
from .wishes import NEAR, SELECT, Columns, Scene, Trouble, Wish

_ROWS = (
    r"(?:\w+ )?(?:rows?|examples?|samples?|texts?|documents?|questions?|messages?|instructions?|items?|points?|prompts?|quer(?:y|ies)|"
    r"ones|subset|set|sample|selection|coreset)"
)
_DIFFERENT = r"as different (?:from each other |from one another )?as (?:possible|can be|they can be)\b"
_RARE = (
    r"(?:rare|unusual|uncommon|infrequent|minority) (?:\w+ )?"
    r"(?:kinds?|types?|cases?|topics?|ones|rows|examples|patterns?|things|questions|texts)\b"
)
WAYS: Mapping[str, re.Pattern[str]] = {  # the first that matches is meant
    "dsir": re.compile(r"\bdsir\b|\bimportance (?:re)?sampl\w+"),
    "d4": re.compile(r"\bd4\b|\bsemdedup (?:and|then|\+|followed by) (?:ssl )?prototypes\b"),
    "dpp": re.compile(r"\bdpps?\b|\bdeterminantal\b"),
    "facility_location": re.compile(
        r"\bfacility[- ]location\b|\bsubmodular\w*|\bexemplars?\b|"
        rf"\b(?:most |best )?representative (?:of (?:all|the rest|everything|the whole)\b|{_ROWS}\b)|"
        r"\b(?:best |most |well )?represent(?:s|ing)? (?:all|the (?:whole|rest|full|entire|data\w*|set|others?)|everything)\b|"
        r"\bstands? (?:in )?for (?:all|the)\b(?: the)?(?: others| rest)?|"
        r"\bbest summar\w+ (?:the |of the )?(?:whole |entire )?(?:data|set|file|corpus)\b"
    ),
    "k_center": re.compile(
        r"\bk-?cent(?:er|re)\b|\bcore-?sets?\b|\bf[au]rthest[- ](?:first|point)\b|\bdiversity sampl\w+|\bmaximi[sz]e (?:the )?diversity\b|"
        rf"\b(?:diverse|varied|dissimilar)\b(?=[^.;]{{0,30}}\b{_ROWS}\b|\s*$|\s+as\b)|"
        rf"\b{_ROWS}\b[^.;]{{0,30}}\b(?:diverse|varied)\b|\b{_DIFFERENT}|"
        r"\bhigh(?:est)? diversity\b|\bcover\w* (?:the whole|the full|all) (?:the )?(?:space|range|variety)\b"
    ),
    "cluster_balance": re.compile(
        r"\b(?:balanc\w+|even\w*|equal\w*|same number|as many|stratif\w+|sampl\w+|uniform\w*|spread)\b[^.;]{0,60}\bclust\w+|"
        r"\bbalanc\w+\b[^.;]{0,40}\b(?:without (?:any )?labels?|unlabell?ed|that nobody label\w+)\b|"
        r"\bclust\w+\b[^.;]{0,60}\b(?:balanc\w+|even\w*|equal\w*|same number|as many|each|uniform\w*)\b|\bk-?means\b"
    ),
    "prototypes": re.compile(
        r"\bprototyp\w+|\b(?:most|least|too|very|highly) (?:typical|ordinary|average|stereotypical|unusual|atypical)\b|"
        r"\b(?:a|un)typical (?:rows|ones|examples|texts)\b|\bnearest to (?:the|their) (?:cluster )?(?:cent(?:er|re)s?|centroids?)\b"
    ),
    "density_sample": re.compile(
        r"\b(?:dense(?:r|st)?|crowded|over-?represented|densely populated) (?:regions?|areas?|parts?|spots?|clusters?|kinds?|topics?)\b|"
        rf"\bdensity\b(?! column| score)|\b{_RARE}[^.;]{{0,40}}\b(?:not|never|n't)\b[^.;]{{0,15}}"
        r"\b(?:lost|lose|disappear|vanish|drop\w*|missing|go missing|swamped|drown\w*|miss\w*)\b|"
        r"\b(?:without losing|don't lose|do not lose|not lose|never lose|keep(?:ing)?|preserv\w+|retain\w*) (?:the |any |all )?"
        rf"{_RARE}|\b(?:even|uniform)ly over (?:the (?:whole )?)?(?:space|data|content|embedding space)\b"
    ),
}
_ALIKE = (
    r"\b(?:most (?:like|similar to|alike)|(?:more |closely )?(?:resembl\w+|match(?:es|ing)?)|similar to|look\w* (?:most |a lot )?like|"
    r"closest to|close to|towards?|in the style of|like those in|like the (?:rows|texts|ones) (?:of|in))\b"
)
_LIKE = re.compile(_ALIKE)
_EMBEDDED = re.compile(r"\b(?:embeddings?|vectors?)\b")
_CLUSTERS = re.compile(rf"(?P<n>{slots.NUMBER})\s+(?:\w+\s+)?(?:clusters?|groups?|centroids?)\b")
_ONLY_SIZE = re.compile(
    r"(?:(?:and|then|please|so|we|i|it|should|shall|want|need|to|would|like|have|be|there|make|it)\s+)*+"
    r"(?:keep(?:ing)?|tak(?:e|ing)|pick|select|choose|give me|return|sample|draw|get|leave|left|down)?\s*"
    rf"(?:only|just|about|around|roughly|exactly|at most|up to|to|some|a total of)?\s*"
    rf"(?:{slots.NUMBER}|(?:a |one )?(?:half|third|quarter|fifth|tenth))\s*"
    r"(?:of (?:the |all |these )?(?:rows|data|them|it))?\s*"
    rf"(?:{ROW_NOUNS})?\s*(?:in total|in all|altogether|overall|are enough|will do|suffice)?"
)
_EACH = re.compile(  # the second half of `cluster the texts and keep 50 per cluster`
    rf"(?:take|keep|pick|sample|draw|select|choose)\b[^.;]{{0,30}}\b"
    rf"(?:(?P<n>{slots.NUMBER})|equally many|as many|the same (?:number|amount)|equal (?:numbers|parts))\b"
    r"[^.;,]{0,20}\b(?:per|(?:from|of|in|for)\s+(?:each|every|all|the))\b"
)
_EACH_CLUSTER = re.compile(
    rf"(?P<n>{slots.NUMBER})\s+(?:random\s+)?(?:{ROW_NOUNS}\s+)?"
    r"(?:per|from each|of each|from every|in each|for each)\s+cluster\b"
)
_TOTAL = re.compile(r"\b(?:in total|in all|altogether|overall)\b")
_INVERSE = re.compile(r"\binverse(?:ly)?\b|\bips\b")
_WEIGHTED = re.compile(r"\b(?:proportional(?:ly)? to|in proportion to|weighted by|weights? (?:from|of|in)|with weights)\b")
_SAMPLES = re.compile(r"\bsampl\w+|\bdraw\w*|\bpick\b|\bselect\b|\bchoose\b|\btake\b|\bkeep\b")
_DUPLICATES = re.compile(r"\bduplicat\w*|\bde-?dup\w*|\bnear(?:ly)?[- ](?:identical|the same|equal)\b|\bsimilar\w*|\btwins?\b")
LEAST_REACH = 0.9
_ROOT = re.compile(r"\b(?:square[- ])?root\b|\bsqrt\b")
_TYPICAL = re.compile(
    r"\b(?:most|too|very|highly) (?:typical|ordinary|average|stereotypical)\b|\bprototyp\w+|\bnearest to\b|\bleast (?:unusual|atypical)\b"
)
_UNUSUAL = re.compile(r"\b(?:least (?:typical|ordinary|average)|most (?:unusual|atypical)|(?:a|un)typical)\b")


def says_size(phrase: Phrase, goal: str) -> bool:
    """Whether the clause only says how many rows a sampler of another clause shall take."""
    from .clauses import split

    others = [other for other in split(goal) if other.text != phrase.text]
    if _EACH.match(phrase.lower.strip()) and _way(phrase) is None:
        return any(_clusters(other) and not _own_size(other) for other in others)
    return bool(_ONLY_SIZE.fullmatch(phrase.lower.strip(" .!,"))) and any(_way(other) and not _own_size(other) for other in others)


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """A sample that looks at what the rows are like, over their text or a column of vectors."""
    if _likes_reference(phrase, scene):
        return _dsir(phrase, scene)
    way = _way(phrase) or ("cluster_balance" if _goes_on(phrase, scene) else None)
    if way is None:
        return _by_score(phrase, scene) or _twins(phrase, scene)
    if way == "dsir":
        return _dsir(phrase, scene)
    if phrase.side == "drop" and way not in ("prototypes", "density_sample", "d4"):
        return []
    made = _over(phrase, scene)
    if isinstance(made, Trouble):
        return made
    params, on, shown = made
    size = _size(phrase, scene, way)
    if isinstance(size, Trouble):
        return size
    clusters = _CLUSTERS.search(phrase.lower)
    if clusters and way in ("cluster_balance", "prototypes", "d4"):
        params["clusters"] = int(slots.value(clusters["n"])[0])
    if way == "cluster_balance" and _ROOT.search(phrase.lower):
        params["parts"] = "root"
    if way == "d4":
        dedup = {name: value for name, value in params.items() if name != "clusters"}
        evidence = f"d4: near-duplicates of {shown} go first, as in SemDeDup, then the most typical rows"
        first = Wish(op="vector_dedup", id="no_twins", stage=NEAR, params=dedup, on=on, span=(0, len(phrase.lower)), evidence=evidence)
        return [first, _wish("prototypes", "unusual", phrase, params | (size or {"share": 0.75}), on, shown)]
    if way == "prototypes":
        params |= _kept(phrase, size)
        return [_wish(way, "unusual" if params.get("keep") != "typical" else "typical", phrase, params, on, shown)]
    return [_wish(way, _IDS[way], phrase, params | size, on, shown)]


def _way(phrase: Phrase) -> str | None:
    if re.search(r"\bclusters? of (?:near-?)?dup", phrase.lower):
        return None
    return next((name for name, pattern in WAYS.items() if pattern.search(phrase.lower)), None)


def _clusters(phrase: Phrase) -> bool:
    return _way(phrase) == "cluster_balance" or bool(re.match(r"(?:please\s+)?(?:clusters?|group)\b(?! by)", phrase.lower))


def _goes_on(phrase: Phrase, scene: Scene) -> bool:
    """`cluster the texts`, where another clause says how many of each."""
    from .clauses import split

    return _clusters(phrase) and any(_EACH.match(other.lower.strip()) for other in split(scene.goal) if other.text != phrase.text)


def _by_score(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """`inversely to the count`, `in proportion to the weight`: a draw by a number column."""
    inverse = _INVERSE.search(phrase.lower)
    if not (inverse or _WEIGHTED.search(phrase.lower)) or not _SAMPLES.search(phrase.lower) or phrase.side == "drop":
        return []
    named = [one.column.name for one in mentions(phrase, scene.main) if one.column.is_number]
    if not named:
        known = ", ".join(column.name for column in scene.main.columns if column.is_number) or "none"
        return Trouble("ask", f"{phrase.text!r}: by which number column? There is {known}.") if inverse else []
    size = _size(phrase, scene, "ips_sample")
    if isinstance(size, Trouble):
        return size
    params = size | ({} if inverse else {"power": -1.0})
    return [_wish("ips_sample", "drawn", phrase, params, {"score": named[-1]}, f"the column {named[-1]}")]


def _twins(phrase: Phrase, scene: Scene) -> list[Wish]:
    """Duplicates by a column of vectors; of a text, `duplicates` are read elsewhere."""
    vectors = [column for column in scene.main.columns if _holds_vectors(column)]
    if not vectors or not _DUPLICATES.search(phrase.lower) or not (_EMBEDDED.search(phrase.lower) or "semantic" in phrase.lower):
        return []
    named = [one.column for one in mentions(phrase, scene.main) if one.column in vectors]
    column = (named or vectors)[0].name
    least = next((one.value for one in slots.numbers(phrase.lower) if 0 < one.value <= 1), None)
    params: dict[str, object] = {"of": "vector"} | ({} if least is None else {"similarity": least})
    params |= {} if least is None or least >= LEAST_REACH else {"reach": max(least, 0.8)}
    evidence = f"vector_dedup of {column}: {least or 'the default'} cosine"
    return [Wish(op="vector_dedup", id="no_twins", stage=NEAR, params=params, on=column, span=(0, len(phrase.lower)), evidence=evidence)]


_IDS = {
    "dpp": "diverse",
    "k_center": "diverse",
    "facility_location": "representative",
    "cluster_balance": "even_clusters",
    "density_sample": "even_density",
}


def _wish(op: str, name: str, phrase: Phrase, params: Mapping[str, object], on: Columns, shown: str) -> Wish:
    said = ", ".join(f"{key}={value}" for key, value in params.items())
    return Wish(op=op, id=name, stage=SELECT, params=params, on=on, span=(0, len(phrase.lower)), evidence=f"{op} over {shown}: {said}")


def _over(phrase: Phrase, scene: Scene) -> tuple[dict[str, object], Columns, str] | Trouble:
    """What rows are compared by: a column of vectors where one is named or spoken of, else the text."""
    vectors = [column for column in scene.main.columns if _holds_vectors(column)]
    named = [one.column for one in mentions(phrase, scene.main) if one.column in vectors]
    if named or (vectors and _EMBEDDED.search(phrase.lower)):
        name = (named or vectors)[0].name
        return {"of": "vector"}, name, f"the vectors of {name}"
    if _EMBEDDED.search(phrase.lower) and not re.search(r"\bembedding space\b|\bhashed\b|\bvectors? of (?:the )?(?:words|text)", phrase.lower):
        return Trouble("ask", f"{phrase.text!r}: which column holds the vectors? The data has {', '.join(scene.main.names)}.")
    column = text_of(phrase, scene.main)
    if column is None:
        return Trouble("ask", f"{phrase.text!r}: by which column are rows alike? The data has {', '.join(scene.main.names)}.")
    return {}, column.name, f"the words of {column.name}"


def _holds_vectors(column: Column) -> bool:
    return str(column.type).startswith(("list<", "fixed_size_list", "large_list")) and any(one in str(column.type) for one in ("float", "double"))


def _size(phrase: Phrase, scene: Scene, way: str) -> dict[str, object] | Trouble:
    """Rows or share, of this clause or of one that says nothing else."""
    from .clauses import split

    own = _own_size(phrase)
    if way == "cluster_balance":
        said = [(one, _EACH_CLUSTER.search(one.lower) or _EACH.match(one.lower.strip())) for one in split(scene.goal)]
        each = next((match["n"] for _, match in said if match and match["n"]), None)
        if each:
            return {"rows_each": int(slots.value(each)[0])}
    others = [
        made
        for other in split(scene.goal)
        if other.text != phrase.text and _ONLY_SIZE.fullmatch(other.lower.strip(" .!,")) and (made := _own_size(other))
    ]
    totals = [_own_size(other) for other in split(scene.goal) if other.text != phrase.text and _TOTAL.search(other.lower)]
    size = own or next(iter([*others, *totals]), {})
    if not size:
        return {} if way == "d4" else Trouble("ask", f"{phrase.text!r}: how many rows, or which share of them?")
    if "share" in size and way in ("k_center", "dpp", "facility_location"):
        return Trouble("ask", f"{phrase.text!r}: how many rows shall there be? {way} takes a number; {scene.main.rows:,} rows were looked at.")
    if "share" in size and own and phrase.side == "drop" and way in ("density_sample", "d4"):
        return {"share": round(1 - float(str(size["share"])), 6)}
    return size


def _own_size(phrase: Phrase) -> dict[str, object]:
    clusters = _CLUSTERS.search(phrase.lower)
    share = next(iter(slots.shares(phrase.lower)), None)
    if share is not None:
        return {"share": round(share.value, 6)}
    count = count_of(phrase)
    if count is not None and not (clusters and count.start == clusters.start()):
        return {"rows": int(count.value)}
    left = [
        one
        for one in slots.numbers(phrase.lower)
        if one.value >= 2 and one.value == int(one.value) and not (clusters and one.start == clusters.start())
    ]
    return {"rows": int(left[0].value)} if left else {}


def _kept(phrase: Phrase, size: Mapping[str, object]) -> dict[str, object]:
    """`drop the most typical 20%` keeps the other 80; `the 500 most typical rows` keeps those."""
    typical = bool(_TYPICAL.search(phrase.lower)) and not _UNUSUAL.search(phrase.lower)
    if phrase.side == "drop":
        share = size.get("share")
        left: dict[str, object] = {"share": round(1 - float(str(share)), 6)} if share is not None else dict(size)
        return left | ({} if typical else {"keep": "typical"})
    return dict(size) | (
        {"keep": "typical"} if typical and not re.search(r"\bssl\b|\bprototypes (?:method|sampl|selection|pruning)", phrase.lower) else {}
    )


def _likes_reference(phrase: Phrase, scene: Scene) -> bool:
    return bool(scene.references) and phrase.side != "drop" and bool(_LIKE.search(phrase.lower)) and _reference(phrase, scene) is not None


def is_target(table: Table, lower: str) -> bool:
    """Whether the goal wants rows like those of this input."""
    return bool(re.search(rf"{_ALIKE}\s+(?:the\s+|those\s+|of\s+|in\s+|rows\s+|texts\s+|file\s+|input\s+|data\s+)*{names_of(table)}\b", lower))


def _reference(phrase: Phrase, scene: Scene) -> str | None:
    said = next((table.name for table in scene.references if re.search(rf"\b{names_of(table)}\b", phrase.lower)), None)
    general = re.search(
        r"\b(?:reference|target|other|second|example|seed)s?\b[ -]?(?:file|input|data ?set|data|rows|texts|domain|distribution)?\b", phrase.lower
    )
    return said or (scene.references[0].name if len(scene.references) == 1 and (general or "dsir" in phrase.lower) else None)


def _dsir(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    against = _reference(phrase, scene) or (scene.references[0].name if len(scene.references) == 1 else None)
    if against is None:
        return Trouble("ask", f"{phrase.text!r}: like what? Give a second input that holds rows of the kind that is wanted.")
    column, table = text_of(phrase, scene.main), scene.tables[against]
    other = table.column(column.name) if column else None
    other = other or table.text
    if column is None or other is None:
        return Trouble("ask", f"{phrase.text!r}: by which text are rows alike? The data has {', '.join(scene.main.names)}.")
    size = _size(phrase, scene, "dsir")
    if isinstance(size, Trouble):
        return size
    best = bool(re.search(r"\bmost\b|\bclosest\b|\bbest\b|\btop\b", phrase.lower)) and not re.search(r"\bsampl\w+|\bdraw\b", phrase.lower)
    params = size | ({"take": "best"} if best else {})
    on: Columns = {"text": column.name, "against.text": other.name}
    shown = ", ".join(f"{key}={value}" for key, value in params.items())
    evidence = f"dsir: {column.name} like {other.name} of {against}, {shown}"
    return [Wish(op="dsir", id="alike", stage=SELECT, params=params, on=on, against=against, span=(0, len(phrase.lower)), evidence=evidence)]
