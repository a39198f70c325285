"""Finds the operators that a clause may ask for: BM25 over names, first sentences and aliases of the cards."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from tools.cards import Summary, summaries

_STOP = (
    "a an the of to in on at by for with and or but is are was be been it its this that these those all any each every as from into "
    "than then i me my we our you your they their them there here have has had do does did not no so if when which who whose what how "
    "one only just also please want need n x rows row data column columns field keep file files dataset value values record records "
)
STOP = frozenset(_STOP.split())
WEIGHTS = {"aliases": 3.0, "name": 2.0, "doc": 1.0}
K1, B = 1.2, 0.6


@dataclass(frozen=True)
class Hit:
    """An operator and how well it fits."""

    name: str
    score: float
    alias: str = ""  # the alias whose words all stand in the clause


@dataclass(frozen=True)
class Index:
    """The cards, counted."""

    terms: Mapping[str, Mapping[str, float]]  # operator → stem → weighted count
    lengths: Mapping[str, float]
    idf: Mapping[str, float]
    aliases: Mapping[str, tuple[tuple[str, frozenset[str]], ...]]
    refusals: Mapping[str, tuple[frozenset[str], ...]]


def stems(text: str) -> list[str]:
    """Content words of a text, lightly stemmed."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"e-mail", "email", text.lower().replace("de-dup", "dedup")).replace("_", " "))
    return [stem(word) for word in words if word not in STOP and len(word) > 1]


def stem(word: str) -> str:
    """A word without its endings: enough that `removing duplicates` meets `remove duplicate`."""
    for end, put in (
        ("ies", "y"),
        ("sses", "ss"),
        ("ations", "at"),
        ("ation", "at"),
        ("ings", ""),
        ("ing", ""),
        ("edly", ""),
        ("ed", ""),
        ("es", ""),
        ("s", ""),
        ("ly", ""),
    ):
        if word.endswith(end) and len(word) - len(end) >= 3 and not word.endswith("ss"):
            word = word[: -len(end)] + put
            break
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


def index(cards: Iterable[Summary]) -> Index:
    """Count the words of all cards."""
    terms: dict[str, dict[str, float]] = {}
    aliases, refusals = {}, {}
    for card in cards:
        fields = {"aliases": " ".join(card.aliases), "name": card.name, "doc": card.doc}
        counts: Counter[str] = Counter()
        for name, text in fields.items():
            for word in stems(text):
                counts[word] += WEIGHTS[name]  # type: ignore[assignment]
        terms[card.name] = dict(counts)
        aliases[card.name] = tuple((alias, frozenset(stems(alias))) for alias in card.aliases)
        refusals[card.name] = tuple(frozenset(stems(phrase)) for phrase in card.not_for)
    seen = Counter(word for words in terms.values() for word in words)
    idf = {word: math.log(1 + (len(terms) - count + 0.5) / (count + 0.5)) for word, count in seen.items()}
    return Index(terms, {name: sum(words.values()) for name, words in terms.items()}, idf, aliases, refusals)


@lru_cache(maxsize=1)
def cards_index() -> Index:
    """The index of the real cards."""
    return index(summaries().values())


def retrieve(text: str, at: Index | None = None) -> list[Hit]:
    """Operators that share words with the text, best first; ties by name, so that the order is always the same."""
    at = at or cards_index()
    words = set(stems(text))
    mean = sum(at.lengths.values()) / max(len(at.lengths), 1) or 1.0
    hits = []
    for name, counts in at.terms.items():
        score = 0.0
        for word in words & counts.keys():
            often = counts[word]
            score += at.idf[word] * often * (K1 + 1) / (often + K1 * (1 - B + B * at.lengths[name] / mean))
        whole = [(sum(at.idf.get(word, 0) for word in bag), alias) for alias, bag in at.aliases[name] if bag and bag <= words]
        bonus, alias = max(whole, default=(0.0, ""))
        penalty = max((sum(at.idf.get(word, 0) for word in bag) for bag in at.refusals[name] if bag and bag <= words), default=0.0)
        if score > 0:
            hits.append(Hit(name, score + bonus - penalty, alias))
    return sorted(hits, key=lambda hit: (-hit.score, hit.name))
