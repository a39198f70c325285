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
    "gopher_repetition": "tools.measures.gopher_repetition:GopherRepetition",
    "c4_quality": "tools.measures.c4:C4Quality",
    "fineweb_quality": "tools.measures.fineweb:FineWebQuality",
    "top_ngram_share": "tools.measures.ngram_shares:TopNgramShare",
    "duplicate_ngram_share": "tools.measures.ngram_shares:DuplicateNgramShare",
    "word_repetition": "tools.measures.ngram_shares:WordRepetition",
    "character_repetition": "tools.measures.ngram_shares:CharacterRepetition",
    "field": "tools.measures.field:Field",
    "is_empty": "tools.measures.is_empty:IsEmpty",
    "bytes": "tools.measures.size:Bytes",
    "lines": "tools.measures.size:Lines",
    "sentences": "tools.measures.size:Sentences",
    "paragraphs": "tools.measures.size:Paragraphs",
    "tokens": "tools.measures.tokens:Tokens",
    "tokens_estimate": "tools.measures.tokens:TokensEstimate",
    "alphanumeric_share": "tools.measures.character_shares:AlphanumericShare",
    "digit_share": "tools.measures.character_shares:DigitShare",
    "uppercase_share": "tools.measures.character_shares:UppercaseShare",
    "whitespace_share": "tools.measures.character_shares:WhitespaceShare",
    "punctuation_share": "tools.measures.character_shares:PunctuationShare",
    "special_character_share": "tools.measures.character_shares:SpecialCharacterShare",
    "max_word_length": "tools.measures.shape:MaxWordLength",
    "alphabetic_word_share": "tools.measures.shape:AlphabeticWordShare",
    "mean_line_length": "tools.measures.line_lengths:MeanLineLength",
    "max_line_length": "tools.measures.line_lengths:MaxLineLength",
    "short_line_share": "tools.measures.line_lengths:ShortLineShare",
    "bullet_line_share": "tools.measures.lines:BulletLineShare",
    "ellipsis_line_share": "tools.measures.lines:EllipsisLineShare",
    "unique_word_share": "tools.measures.vocabulary:UniqueWordShare",
    "word_entropy": "tools.measures.vocabulary:WordEntropy",
    "duplicate_paragraph_share": "tools.measures.repetition:DuplicateParagraphShare",
    "emoji_share": "tools.measures.pictures:EmojiShare",
    "replacement_character_share": "tools.measures.pictures:ReplacementCharacterShare",
    "script": "tools.measures.scripts:Script",
    "cjk_share": "tools.measures.scripts:CjkShare",
    "readability": "tools.measures.readability:Readability",
    "profanity": "tools.measures.profanity:Profanity",
    "spam_like": "tools.measures.spam_like:SpamLike",
    "lorem_ipsum": "tools.measures.leftovers:LoremIpsum",
    "curly_brackets": "tools.measures.leftovers:CurlyBrackets",
    "javascript_lines": "tools.measures.leftovers:JavascriptLines",
    "policy_lines": "tools.measures.leftovers:PolicyLines",
    "url_share": "tools.measures.markup:UrlShare",
    "html_tag_share": "tools.measures.markup:HtmlTagShare",
    "last_character": "tools.measures.ends:LastCharacter",
    "starts_with": "tools.measures.ends:StartsWith",
    "is_json": "tools.measures.is_json:IsJson",
    "url_domain": "tools.measures.url_domain:UrlDomain",
    "compression_ratio": "tools.measures.compression:CompressionRatio",
    # rewrites
    "fix_unicode": "tools.rewrites.fix_unicode:FixUnicode",
    "normalise_unicode": "tools.rewrites.normalise_unicode:NormaliseUnicode",
    "c4_lines": "tools.rewrites.c4_lines:C4Lines",
    "strip_html": "tools.rewrites.strip_html:StripHtml",
    "extract_main_text": "tools.rewrites.extract_main_text:ExtractMainText",
    "remove_markup": "tools.rewrites.remove_markup:RemoveMarkup",
    "remove_references": "tools.rewrites.references:RemoveReferences",
    "remove_code_comments": "tools.rewrites.remove_code_comments:RemoveCodeComments",
    "remove_front_matter": "tools.rewrites.front_matter:RemoveFrontMatter",
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
