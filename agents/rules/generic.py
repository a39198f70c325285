"""Reads what no reader of its own knows: the operator whose alias stands in the clause, where its parameters can be filled."""

from tools.cards import Summary, summaries

from . import slots
from .clauses import Phrase
from .columns import text_of
from .retrieval import retrieve, stems
from .wishes import CHEAP, FIX, Scene, Trouble, Wish

# operators that readers know: retrieval alone must not bring them in
_KNOWN = (
    "words characters language matches field is_empty mask_pii pii_count replace derive rename select_columns drop_columns join_on join_all chunk "
    "exact_dedup minhash_dedup url_dedup line_dedup paragraph_dedup substring_dedup decontaminate "
    "random_sample first_n top_k bottom_k split quantile stop_words contains_words "
    "mix dsir density_sample ips_sample prototypes cluster_balance k_center dpp facility_location vector_dedup "
    "stratified_sample balance sort shuffle token_budget threshold to_messages to_sharegpt to_alpaca "
    "to_prompt_completion to_preference flatten_chat render turns chat_valid chat_loss "
    "gopher_quality gopher_repetition c4_quality fineweb_quality "
    "lower_case upper_case normalise_punctuation remove_urls strip_emoji remove_lines remove_repeated_lines truncate convert_chinese cast "
    "fill_missing diversity drift describe overlap label_noise "
    "extract_main_text remove_markup remove_front_matter remove_references remove_code_comments "
    "unnest split_sentences explode pair_up pair_up_rows url_domain starts_with spam_like profanity script is_json last_character tokens "
    "math_answer code_compiles json_schema answer_in_context language_matches length_ratio no_refusal "
)
KNOWN = frozenset(_KNOWN.split())
NEAREST = 3
STAGES = {"filter": CHEAP, "score": CHEAP, "normalise": FIX}


def read(phrase: Phrase, scene: Scene) -> list[Wish] | Trouble:
    """A rewrite without needs, or a measure with a bound, when all words of one of its aliases are said."""
    if phrase.side == "":
        return []
    hit = next((hit for hit in retrieve(phrase.text)[:NEAREST] if hit.alias and hit.name not in KNOWN and not _is_chance(hit.alias, phrase)), None)
    if hit is None:
        return []
    card = summaries()[hit.name]
    column = text_of(phrase, scene.main)
    if card.required or column is None or set(card.reads) != {"text"} or card.needs_against:
        return []
    evidence = f"{card.name} on {column.name}, from {hit.alias!r}"
    if card.kind == "Rewrite":
        return [Wish(op=card.name, id=card.name, stage=STAGES.get(card.stage, FIX), on=column.name, evidence=evidence)]
    params = bounds_of(phrase, card)
    if not params:
        return []
    shown = ", ".join(f"{name}={value}" for name, value in params.items())
    return [
        Wish(
            op=card.name,
            id=card.name,
            stage=STAGES.get(card.stage, CHEAP),
            params=params,
            on=column.name,
            filters=True,
            evidence=f"{evidence}: {shown}",
        )
    ]


def _is_chance(alias: str, phrase: Phrase) -> bool:
    """`trim` in `trim the outliers`: one word of many says little."""
    words, said = set(stems(alias)), set(stems(phrase.lower))
    return len(words) == 1 and len(said - words) > 1


def bounds_of(phrase: Phrase, card: Summary) -> dict[str, object]:
    """The bounds that the clause says, as parameters of a measure; for rows to be dropped, what is left."""
    if not {"at_least", "at_most"} <= card.params.keys():
        return {}
    bound = next(iter(slots.bounds(phrase.lower)), None)
    if bound is None:
        return {}
    if phrase.side == "drop":
        outside = bound.outside()
        if outside is None:
            return {}
        bound = outside
    return {name: value for name, value in (("at_least", bound.low), ("at_most", bound.high)) if value is not None}
