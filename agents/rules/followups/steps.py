"""Finds the steps that a message speaks of: `the dedupe`, `the English filter`, `the second step`, `long_enough`."""

import re
from collections.abc import Iterable, Mapping

from tools.cards import summaries
from workflows.recipe import Recipe, Step

from ..languages import LANGUAGES
from ..retrieval import stems

SIZES = ("words", "characters", "tokens", "tokens_estimate", "bytes", "lines", "sentences", "paragraphs", "turns")
DEDUPES = ("exact_dedup", "minhash_dedup", "url_dedup", "vector_dedup", "line_dedup", "paragraph_dedup", "substring_dedup", "remove_repeated_lines")
NEAR = ("minhash_dedup", "vector_dedup")
SAMPLES = ("random_sample", "first_n", "top_k", "bottom_k", "stratified_sample", "token_budget", "balance", "ips_sample", "density_sample", "mix")
_FAMILIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"(?:near|fuzzy|approximate|close|similar)[- ]?(?:de-?dup\w*|duplicat\w*|matching|matches)?|min-?hash|similarity|twins?|look-?alikes?", NEAR),
    (r"exact (?:de-?dup\w*|duplicat\w*|match\w*)|identical (?:rows?|ones?)", ("exact_dedup",)),
    (
        r"de-?dup(?:e|es|ing|ed|lication|licating|licate|lications)?s?|duplicat(?:es?|ion|ed)(?: rows?| ones?)?(?: removal| remover)?|doubles|"
        r"doublets|"
     r"copies|repeats|repetitions|dups|dupes", DEDUPES),
    (
        r"(?:word|char(?:acter)?s?|token|line|sentence|paragraph|text|message|row)?[ -]?(?:length|size|count)s?|(?:too )?(?:short|long)(?: "
        r"ones?| rows?| texts?| messages?)?|"
     r"minimum(?: length)?|maximum(?: length)?|shortness", SIZES),
    (r"words?", ("words",)),
    (r"char(?:acter)?s?", ("characters",)),
    (r"tokens?", ("tokens", "tokens_estimate", "token_budget")),
    (r"lines?", ("lines", "remove_lines", "line_dedup", "remove_repeated_lines")),
    (r"sentences?", ("sentences", "split_sentences")),
    (r"lang(?:uage)?s?(?: detection| detector| id)?", ("language", "language_matches")),
    (r"scripts?|alphabets?", ("script",)),
    (r"(?:random )?(?:sampl(?:e|es|ing)|subset|down-?sampling|selection)|(?:row )?(?:limit|cap|number|quota)|number of rows|rows", SAMPLES),
    (r"balanc(?:e|ing)", ("balance", "cluster_balance", "stratified_sample")),
    (r"mask(?:s|ing|ed)?|anonymi[sz](?:ation|ing)|redact(?:ion|ing)|pii(?: masking| removal)?|personal (?:data|information|info)|privacy|scrubbing|"
     r"placeholders?", ("mask_pii", "pii_count")),
    (r"shuffl(?:e|ing)|random order", ("shuffle",)),
    (r"sort(?:ing)?|order(?:ing)?", ("sort", "top_k", "bottom_k")),
    (r"split(?:s|ting)?|train/?(?: ?and ?)?test split|hold-?out|validation(?: set| split)?|test (?:set|split)", ("split",)),
    (r"chunk(?:s|ing)?|pieces|cutting", ("chunk", "truncate", "split_sentences")),
    (r"truncat(?:ion|ing|e)", ("truncate",)),
    (r"html(?: tags?| stripping| removal)?|tags?|mark-?up|markdown", ("strip_html", "extract_main_text", "remove_markup", "html_tag_share")),
    (r"lower[- ]?cas(?:e|ing)", ("lower_case",)),
    (r"upper[- ]?cas(?:e|ing)", ("upper_case",)),
    (r"white ?-?space(?: cleaning| normali[sz]ation| fix\w*| clean-?up)?|spaces|blanks", ("normalise_whitespace",)),
    (r"unicode(?: fix\w*| normali[sz]ation)?|encoding(?: fix\w*)?|mojibake|broken characters", ("fix_unicode", "normalise_unicode")),
    (r"quotes|punctuation", ("normalise_punctuation", "punctuation_share", "line_end_punctuation_share")),
    (r"urls?|links?|web addresses", ("remove_urls", "url_share", "url_dedup", "url_domain")),
    (r"emojis?", ("strip_emoji", "emoji_share")),
    (r"regex(?:es|p)?|patterns?|regular expressions?", ("matches", "replace")),
    (r"empt(?:y|ies)(?: ones?| rows?| texts?| messages?)?", ("is_empty",)),
    (r"columns?(?: selection)?", ("select_columns", "drop_columns")),
    (r"renam(?:e|es|ing)", ("rename",)),
    (r"quality(?: rules?)?", ("gopher_quality", "c4_quality", "fineweb_quality")),
    (r"repetition(?: rules?)?", ("gopher_repetition", "word_repetition", "character_repetition", "duplicate_ngram_share", "top_ngram_share")),
    (r"profanity|swear(?:ing| words)?|foul language|curs(?:e words|ing)|bad words", ("profanity", "contains_words")),
    (r"spam(?:mers|my)?(?: detection)?", ("spam_like",)),
    (r"decontamination|contamination|overlap|eval(?:uation)? (?:set|overlap)|test set", ("decontaminate", "overlap")),
    (r"refusals?", ("no_refusal",)),
    (r"readability|reading ease", ("readability",)),
    (r"conver(?:sion|t|ting)|chat format|messages format|chat(?:ml)?",
     ("to_messages", "to_sharegpt", "to_alpaca", "to_prompt_completion", "to_preference")),
    (r"conditions?|where|labels?", ("field",)),
)  # fmt: skip
_FILTERS = re.compile(r"\b(?:filters?|limits?|checks?|bounds?|rules?|minimum|maximum|min|max|thresholds?|requirements?|cut-?offs?)\b")
FAMILIES = tuple((re.compile(pattern), ops) for pattern, ops in _FAMILIES)
_LOOSE = (
    r"(?:the|that|this|a|an|any|all|my|our|its|of|for|on|with|to|in|by|whole|entire|current|which|steps?|filter(?:ing|s)?|checks?|checking|rules?|"
    r"things?|parts?|operations?|operators?|limits?|bounds?|conditions?|requirements?|criteri(?:on|a)|restrictions?|thresholds?|cut-?offs?|values?|"
    r"parameters?|settings?|removal|remover|only|column|field|measure|test|stage|stuff|one|ones|minimum|maximum|min|max)"
)
_FILLER = re.compile(rf"\b{_LOOSE}\b")
_PLACE = re.compile(
    r"(?:the )?(?P<which>first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th) (?P<what>steps?|filters?)|step (?:number |#)?(?P<number>\d+)"
)
_NTH = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "fifth": 4, "5th": 4, "last": -1}


def spoken(text: str, recipe: Recipe) -> list[Step]:
    """Steps that a noun phrase in lower case may mean; none where some word of it is not accounted for."""
    text = text.strip(" .,!?`'\"")
    exact = [step for step in recipe.steps if plain(step.id) == plain(text) or step.id == text]
    if exact or not text:
        return exact
    placed = _PLACE.fullmatch(text)
    if placed:
        return _at(placed, recipe)
    bare = _stripped(text)
    named = [step for step in recipe.steps if bare and plain(bare) in (plain(step.id), plain(_op(step)), plain(_op(step)).replace(" ", ""))]
    return named or _filtering(text, [step for step in recipe.steps if bare and not _left(bare, step)])


def _filtering(text: str, steps: list[Step]) -> list[Step]:
    """Of several those that let rows through or not, where the words say that: `the length filter` is no step that only measures."""
    if len(steps) < 2 or not _FILTERS.search(text):
        return steps
    return [step for step in steps if any(key in ("where", "languages") or key.endswith(("at_least", "at_most")) for key in step.params)] or steps


def named_in(text: str, recipe: Recipe) -> list[Step]:
    """Steps whose own name stands in a text: `stricter on long_enough`."""
    return [step for step in recipe.steps if re.search(rf"(?<![\w]){re.escape(step.id.lower())}(?![\w])", text)]


def plain(name: str) -> str:
    return re.sub(r"[\s_-]+", " ", name.lower()).strip()


def shown(steps: Iterable[Step]) -> str:
    return ", ".join(step.id for step in steps) or "none"


def _op(step: Step) -> str:
    return step.op.partition("@")[0]


def _at(match: re.Match[str], recipe: Recipe) -> list[Step]:
    steps: list[Step] = list(recipe.steps)
    if match["number"]:
        place = int(match["number"]) - 1
    else:
        place = _NTH[match["which"]]
        if match["what"].startswith("filter"):
            known = summaries()
            steps = [step for step in steps if _op(step) in known and known[_op(step)].stage in ("filter", "dedupe", "verify")]
    return [steps[place]] if -len(steps) <= place < len(steps) else []


def _stripped(text: str) -> str:
    """Without the words that fit any step."""
    return " ".join(_FILLER.sub(" ", text).split())


def _left(bare: str, step: Step) -> str:
    """What of the words this step does not account for."""
    rest = bare
    op = _op(step)
    for pattern, ops in FAMILIES:
        if op in ops:
            rest = re.sub(rf"(?<![\w-])(?:{pattern.pattern})(?![\w-])", " ", rest)
    known = _words(step, op)
    return " ".join(word for word in re.findall(r"[\w'-]+", rest) if not _accounts(word, known) and not re.fullmatch(_LOOSE, word))


def _accounts(word: str, known: frozenset[str]) -> bool:
    return word in known or any(stem in known for stem in stems(word))


def _words(step: Step, op: str) -> frozenset[str]:
    """Words that tell this step from others: its name, its operator, its columns and values."""
    words = set(re.findall(r"[a-z0-9]+", f"{step.id} {op}".lower().replace("_", " ")))
    words |= {word for text in _texts([step.on, step.params]) for word in re.findall(r"[a-z0-9]+", re.sub(r"\\[a-z]", " ", text.lower()))}
    if op == "language":
        codes = step.params.get("languages")
        words |= {name for name, code in LANGUAGES.items() if isinstance(codes, list) and code in codes}
    return frozenset(words | {stem for word in words for stem in stems(word)}) - {"where", "is", "at", "of", "or", "and", "not", "in"}


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
