"""tokenizer.json: a table of words and rules, which must not make much out of little."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from .refused import ModelRefused
from .strict_json import parse_object, walk

FILE = "tokenizer.json"
PARTS = ("version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model")
MODELS = ("BPE", "WordPiece", "Unigram", "WordLevel")
MOST_BYTES = 128 << 20
MOST_PADDING, MOST_WORD, MOST_PATTERN, MOST_RULES, MOST_GROWTH, MOST_VOCABULARY, MOST_ADDED = 1 << 20, 1000, 2000, 64, 64, 4_000_000, 20_000
MEND = "take tokenizer.json from its source again"


def checked_file(path: Path) -> None:
    """Of a tokenizer that comes without a model."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise ModelRefused(path.name, f"has {size:,} bytes", f"at most {MOST_BYTES:,} are read of it")
    checked_table(parse_object(path.read_bytes(), path.name), path.name)


def checked_table(told: Mapping[str, object], file: str = FILE) -> Mapping[str, object]:
    """Raises ModelRefused for parts of another form, texts that padding or rules blow up, and patterns that take for ever."""
    unknown = [key for key in told if key not in PARTS]
    model = told.get("model")
    if unknown or not isinstance(model, dict) or model.get("type", "BPE") not in MODELS:
        raise ModelRefused(file, f"is no tokenizer: {(unknown or [str(model)])[0][:60]!r}", MEND)
    vocabulary = model.get("vocab")
    if not isinstance(vocabulary, (dict, list)) or len(vocabulary) > MOST_VOCABULARY:
        raise ModelRefused(file, f"has no vocabulary, or one of more than {MOST_VOCABULARY:,} words", MEND)
    if isinstance(vocabulary, dict) and any(not isinstance(one, int) or not 0 <= one < 2 * MOST_VOCABULARY for one in vocabulary.values()):
        raise ModelRefused(file, "numbers words beyond its vocabulary", MEND)
    _refuse_padding(told, file)
    _refuse_added(told.get("added_tokens") or [], file)
    growth = 1
    for part in ("normalizer", "pre_tokenizer", "decoder", "post_processor"):
        growth *= _checked_rules(told.get(part), file)
    if growth > MOST_GROWTH:
        raise ModelRefused(file, f"its rules can make a text {growth:,} times as long", MEND)
    return told


def _refuse_padding(told: Mapping[str, object], file: str) -> None:
    for key in ("padding", "truncation"):
        for _, name, value in walk(told.get(key)):
            if isinstance(value, int) and not isinstance(value, bool) and not 0 <= value <= MOST_PADDING:
                raise ModelRefused(file, f"{key} says {name} {value:,}: each text would be made as long as that", f"write at most {MOST_PADDING:,}")


def _refuse_added(added: object, file: str) -> None:
    if not isinstance(added, list) or len(added) > MOST_ADDED:
        raise ModelRefused(file, f"adds more than {MOST_ADDED:,} tokens", MEND)
    for one in added:
        if not isinstance(one, dict) or not isinstance(one.get("content"), str) or len(one["content"]) > MOST_WORD:
            raise ModelRefused(file, f"adds the token {str(one)[:60]!r}", MEND)


def _checked_rules(part: object, file: str) -> int:
    """How many times as long these rules can make a text."""
    growth, rules = 1, 0
    for key, value in _rules(part):
        rules += 1
        if not isinstance(value, str) or key == "precompiled_charsmap":
            continue
        if key == "Regex":
            refuse_pattern(value, file)
        elif key in ("content", "prepend", "replacement"):
            growth *= max(1, len(value))
        elif len(value) > MOST_WORD:
            raise ModelRefused(file, f"a rule holds {key} of {len(value):,} characters", MEND)
    if rules > MOST_RULES * 64:
        raise ModelRefused(file, f"has {rules:,} rules", MEND)
    return growth


def _rules(part: object) -> Iterator[tuple[str, object]]:
    for _, key, value in walk(part):
        if not isinstance(value, (dict, list)):
            yield key, value


REPEAT = re.compile(r"[*+]|\{\d*,?\d*\}")


def refuse_pattern(pattern: str, file: str) -> None:
    """Patterns are matched by trying: a repeated group in which something repeats can try for ever, and so can a reference back."""
    if len(pattern) > MOST_PATTERN:
        raise ModelRefused(file, f"has a pattern of {len(pattern):,} characters", MEND)
    if re.search(r"\\[1-9]|\\[kg]|\(\?\(|\(\?P[=>]", pattern):
        raise ModelRefused(file, f"has a pattern that refers back: {pattern[:60]!r}", MEND)
    opened: list[bool] = []  # of each open group: does something repeat in it?
    place = 0
    while place < len(pattern):
        sign = pattern[place]
        if sign == "\\":
            place += 2
            continue
        if sign == "[":
            place = _behind_class(pattern, place)
            continue
        repeats = REPEAT.match(pattern, place)
        if sign == "(":
            opened.append(False)
        elif sign == ")" and opened:
            inner = opened.pop()
            if inner and REPEAT.match(pattern, place + 1):
                raise ModelRefused(file, f"has a pattern that can try for ever: {pattern[:60]!r}", MEND)
            if inner and opened:
                opened[-1] = True
        elif repeats and opened:
            opened[-1] = True
        place += 1


def _behind_class(pattern: str, place: int) -> int:
    depth, place = 1, place + 1
    if pattern[place : place + 1] == "^":
        place += 1
    if pattern[place : place + 1] == "]":
        place += 1
    while place < len(pattern) and depth:
        sign = pattern[place]
        depth += {"[": 1, "]": -1}.get(sign, 0)
        place += 2 if sign == "\\" else 1
    return place
