"""What each measure means, of one text, in plain Python: as slow as it is short, and written from the definition alone."""

import json
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable

from tools.characters import EMOJIS, IDEOGRAPHS
from tools.measures.offensive_words import OFFENSIVE

ALONE = "".join(f"{chr(low)}-{chr(high)}" for low, high in IDEOGRAPHS)
SPACE = "\\s\x1c-\x1f\x85"
VOWELS = "aeiouyáàâäãåéèêëíìîïóòôöõúùûüæœø"


def solid(text: str) -> str:
    return "".join(text.split())


def words(text: str) -> list[str]:
    return re.sub(f"([{ALONE}])", r" \1 ", text).split()


def lines(text: str) -> list[str]:
    return [line.strip() for line in re.split(r"\r\n|\r|\n", text) if line.strip()]


def paragraphs(text: str) -> list[str]:
    found: list[list[str]] = [[]]
    for line in re.split(r"\r\n|\r|\n", text):
        found[-1].append(line.strip()) if line.strip() else found.append([])
    return ["\n".join(block) for block in found if block]


def bare(word: str) -> str:
    def is_mark(sign: str) -> bool:
        return unicodedata.category(sign)[0] in "PS"

    start, stop = 0, len(word)
    while start < stop and is_mark(word[start]):
        start += 1
    while stop > start and is_mark(word[stop - 1]):
        stop -= 1
    return (word[start:stop] or word).casefold()


def share(text: str, holds: Callable[[str], object], of: Callable[[str], object] = lambda _: True) -> float:
    whole = [sign for sign in text if of(sign)]
    return sum(bool(holds(sign)) for sign in whole) / max(len(whole), 1)


def among(pieces: list[str], holds: Callable[[str], object]) -> float:
    return sum(bool(holds(piece)) for piece in pieces) / max(len(pieces), 1)


def repeated(pieces: list[str], by: str) -> float:
    seen: set[str] = set()
    again = [piece for piece in pieces if piece in seen or seen.add(piece)]  # type: ignore[func-returns-value]
    return sum(map(len, again)) / max(sum(map(len, pieces)), 1) if by == "characters" else len(again) / max(len(pieces), 1)


def entropy(text: str) -> float:
    counts = Counter(map(bare, words(text)))
    return -sum(count / counts.total() * math.log2(count / counts.total()) for count in counts.values())


def cut(text: str, pattern: str) -> float:
    return sum(len(match[0]) for match in re.finditer(pattern, text)) / max(len(text), 1)


def kind(sign: str) -> str:
    return unicodedata.category(sign)


def json_kind(text: str) -> str:
    try:
        found = json.loads(text, parse_constant=lambda _: 1 / 0)
    except (ValueError, ZeroDivisionError, RecursionError):
        return "none"
    names = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(found), "number")


def syllables(word: str) -> int:
    count, last = 0, " "
    for letter in word:
        count += letter in VOWELS and last not in VOWELS
        last = letter
    ends = (("ed", "aeiouydt"), ("es", "aeiouysxzcgh"), ("e", "aeiouyl"))
    silent = any(word.endswith(end) and len(word) > len(end) and word[-len(end) - 1] not in loud for end, loud in ends)
    silent = silent or (word.endswith("le") and len(word) > 2 and word[-3] in "aeiouy")
    return max(count - (silent and count > 1), 1)


def flesch(text: str) -> float:
    said = [
        re.sub("['’]", "", "".join(word)).lower()
        for word in "".join(sign if kind(sign)[0] in "LN" or sign in "'’" else " " for sign in text).split(" ")
    ]
    said = [word for word in said if word]
    if not said:
        return 0.0
    return round(206.835 - 1.015 * len(said) / max(sentences(text), 1) - 84.6 * sum(map(syllables, said)) / len(said), 6)


def sentences(text: str) -> int:
    pieces = re.split(rf"(?:[.!?…]+[\"'”’»)\]]*(?:[{SPACE}]|\Z)|[。！？]+[”’」』）]*)", text)
    return len(pieces) - 1 + bool(pieces[-1].strip())


FOLLOWS = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
POLICIES = "terms of use|privacy policy|cookie policy|uses cookies|use of cookies|use cookies"
EMOJI = {code for low, high in EMOJIS for code in range(low, high + 1)}
CJK = re.compile("CJK (?:UNIFIED|COMPATIBILITY) IDEOGRAPH|HIRAGANA|KATAKANA|HANGUL|BOPOMOFO|IDEOGRAPHIC")

SWEARING = {word.casefold() for word in OFFENSIVE["en"].split()}

# name, parameters, its value
PLAIN: list[tuple[str, dict[str, object], Callable[[str], object]]] = [
    ("bytes", {}, lambda text: len(text.encode())),
    ("lines", {}, lambda text: len(re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text))),
    ("sentences", {}, sentences),
    ("paragraphs", {}, lambda text: len(paragraphs(text))),
    ("tokens", {"tokenizer": "bytes"}, lambda text: len(text.encode())),
    ("max_word_length", {}, lambda text: max(map(len, words(text)), default=0)),
    ("mean_line_length", {}, lambda text: sum(map(len, lines(text))) / max(len(lines(text)), 1)),
    ("max_line_length", {}, lambda text: max(map(len, lines(text)), default=0)),
    ("short_line_share", {"short": 4}, lambda text: among(lines(text), lambda line: len(line) <= 4)),
    ("bullet_line_share", {}, lambda text: among(lines(text), lambda line: line[0] in "•-")),
    ("ellipsis_line_share", {}, lambda text: among(lines(text), lambda line: line.endswith(("...", "…")))),
    ("alphanumeric_share", {}, lambda text: share(solid(text), lambda sign: kind(sign)[0] == "L" or kind(sign) == "Nd")),
    ("digit_share", {}, lambda text: share(solid(text), lambda sign: kind(sign) == "Nd")),
    ("uppercase_share", {}, lambda text: share(text, lambda sign: kind(sign) == "Lu", lambda sign: kind(sign)[0] == "L")),
    ("whitespace_share", {}, lambda text: share(text, str.isspace)),
    ("punctuation_share", {}, lambda text: share(solid(text), lambda sign: kind(sign)[0] in "PS")),
    ("special_character_share", {}, lambda text: share(solid(text), lambda sign: kind(sign)[0] not in "LMN")),
    ("emoji_share", {}, lambda text: share(solid(text), lambda sign: ord(sign) in EMOJI)),
    ("cjk_share", {}, lambda text: share(solid(text), lambda sign: kind(sign)[0] == "L" and CJK.match(unicodedata.name(sign, "")))),
    ("replacement_character_share", {}, lambda text: cut(text, rf"\ufffd|[ÂÃ]{FOLLOWS}|â€{FOLLOWS}|ï»¿|ï¿½|ðŸ{FOLLOWS}{{2}}")),
    ("alphabetic_word_share", {}, lambda text: among(words(text), lambda word: any(kind(sign)[0] == "L" for sign in word))),
    ("unique_word_share", {}, lambda text: len(set(map(bare, words(text)))) / max(len(words(text)), 1)),
    ("word_entropy", {}, entropy),
    ("duplicate_line_share", {}, lambda text: repeated(lines(text), "count")),
    ("duplicate_line_share", {"by": "characters"}, lambda text: repeated(lines(text), "characters")),
    ("duplicate_paragraph_share", {}, lambda text: repeated(paragraphs(text), "count")),
    ("duplicate_paragraph_share", {"by": "characters"}, lambda text: repeated(paragraphs(text), "characters")),
    ("lorem_ipsum", {}, lambda text: text.lower().count("lorem ipsum")),
    ("curly_brackets", {}, lambda text: text.count("{")),
    ("javascript_lines", {}, lambda text: sum("javascript" in line.lower() for line in re.split(r"[\r\n]", text))),
    ("policy_lines", {}, lambda text: sum(bool(re.search(POLICIES, line, re.I | re.A)) for line in re.split(r"[\r\n]", text))),
    ("url_share", {}, lambda text: cut(text, rf"(?:[hH][tT][tT][pP][sSſ]?://|[wW]{{3}}\.)[^{SPACE}<>\"]+")),
    ("html_tag_share", {}, lambda text: cut(text, r"</?[A-Za-z][^<>]*>|<!--[^<>]*-->|<![A-Za-z][^<>]*>")),
    ("last_character", {}, lambda text: text.rstrip()[-1:]),
    ("starts_with", {"beginnings": ("the", "- ")}, lambda text: text.lstrip().lower().startswith(("the", "- "))),
    ("is_json", {"keep": "all"}, lambda text: json_kind(text) != "none"),
    ("profanity", {}, lambda text: sum(bare(word) in SWEARING for word in words(text))),
    ("readability", {}, flesch),
]
