"""The operators by name. Written by hand; importing it imports no operator."""

from importlib import import_module

from .contract import Operator
from .errors import RecipeError
from .names import nearest

OPERATORS: dict[str, str] = {
    # read and write
    "jsonl": "tools.formats.jsonl:Jsonl",
    "json": "tools.formats.json_array:JsonArray",
    "csv": "tools.formats.csv:Csv",
    "tsv": "tools.formats.csv:Tsv",
    "parquet": "tools.formats.parquet:Parquet",
    "text": "tools.formats.text:Text",
    "write_jsonl": "tools.formats.jsonl:WriteJsonl",
    "write_json": "tools.formats.json_array:WriteJson",
    "write_csv": "tools.formats.csv:WriteCsv",
    "write_tsv": "tools.formats.csv:WriteTsv",
    "write_parquet": "tools.formats.parquet:WriteParquet",
    "write_text": "tools.formats.text:WriteText",
    # measures
    "words": "tools.measures.size:Words",
    "characters": "tools.measures.size:Characters",
    "mean_word_length": "tools.measures.shape:MeanWordLength",
    "alphabetic_share": "tools.measures.shape:AlphabeticShare",
    "symbol_word_ratio": "tools.measures.symbols:SymbolWordRatio",
    "line_end_punctuation_share": "tools.measures.lines:LineEndPunctuationShare",
    "duplicate_line_share": "tools.measures.repetition:DuplicateLineShare",
    "stop_words": "tools.measures.stop_words:StopWords",
    "language": "tools.measures.language:Language",
    "matches": "tools.measures.matches:Matches",
    "contains_words": "tools.measures.contains_words:ContainsWords",
    "gopher_quality": "tools.measures.gopher:GopherQuality",
    "c4_quality": "tools.measures.c4:C4Quality",
    "field": "tools.measures.field:Field",
    "is_empty": "tools.measures.is_empty:IsEmpty",
    # rewrites
    "fix_unicode": "tools.rewrites.fix_unicode:FixUnicode",
    "normalise_unicode": "tools.rewrites.normalise_unicode:NormaliseUnicode",
    "strip_html": "tools.rewrites.strip_html:StripHtml",
    "normalise_whitespace": "tools.rewrites.whitespace:NormaliseWhitespace",
    "mask_pii": "tools.rewrites.mask_pii:MaskPii",
    "replace": "tools.rewrites.replace:Replace",
    "derive": "tools.rewrites.derive:Derive",
    "rename": "tools.rewrites.layout:Rename",
    "select_columns": "tools.rewrites.layout:SelectColumns",
    "drop_columns": "tools.rewrites.layout:DropColumns",
    "join_on": "tools.rewrites.join_on:JoinOn",
    "join_all": "tools.rewrites.join_on:JoinAll",
    "to_messages": "tools.rewrites.chats:ToMessages",
    "to_sharegpt": "tools.rewrites.chats:ToShareGPT",
    "to_alpaca": "tools.rewrites.chats:ToAlpaca",
    # new rows
    "chunk": "tools.expand.chunk:Chunk",
    # duplicates
    "exact_dedup": "tools.dedupe.exact:ExactDedup",
    "minhash_dedup": "tools.dedupe.minhash:MinHashDedup",
    "url_dedup": "tools.dedupe.url:UrlDedup",
    "line_dedup": "tools.dedupe.lines:LineDedup",
    "paragraph_dedup": "tools.dedupe.lines:ParagraphDedup",
    "substring_dedup": "tools.dedupe.substring:SubstringDedup",
    "decontaminate": "tools.dedupe.decontaminate:Decontaminate",
    # choose
    "random_sample": "tools.select.sample:RandomSample",
    "stratified_sample": "tools.select.groups:StratifiedSample",
    "balance": "tools.select.groups:Balance",
    "first_n": "tools.select.sample:FirstN",
    "top_k": "tools.select.top:TopK",
    "bottom_k": "tools.select.top:BottomK",
    "token_budget": "tools.select.token_budget:TokenBudget",
    "threshold": "tools.select.threshold:Threshold",
    "split": "tools.select.split:Split",
    "quantile": "tools.select.quantile:Quantile",
    "k_center": "tools.select.k_center:KCenter",
    "sort": "tools.select.sort:Sort",
    "shuffle": "tools.select.sort:Shuffle",
}


def operator(name: str) -> type[Operator]:
    """The class of this name, with or without `@version`. Raises RecipeError that names the nearest one."""
    bare, _, version = name.partition("@")
    if bare not in OPERATORS:
        raise RecipeError(f"no operator {name!r}{nearest(bare, OPERATORS)}")
    module, _, cls = OPERATORS[bare].partition(":")
    found: type[Operator] = getattr(import_module(module), cls)
    if version and version != str(found.card.version):
        raise RecipeError(f"operator {name!r}: version {version} is not here, this winnow has {bare}@{found.card.version}")
    return found
