"""Chooses the operators that a model is shown: few enough to read, and always the basic ones."""

from collections.abc import Iterable, Sequence

from agents.rules.clauses import split
from agents.rules.retrieval import retrieve
from tools.cards import Summary, summaries

MOST_CARDS = 25
BASICS = ("field", "exact_dedup", "random_sample", "select_columns", "words", "is_empty", "derive", "rename", "replace", "top_k")
DAMPING = 10  # of ranks: the first of one clause weighs as much as the third of two
PER_CLAUSE = 12
NO_STEPS = ("Source", "Sink")


def choose(text: str, needed: Iterable[str] = (), most: int = MOST_CARDS) -> tuple[Summary, ...]:
    """Cards for a goal: `needed`, the best of every clause, the basics; in that order, so that what is cut is what matters least."""
    known = summaries()
    first = [name for name in dict.fromkeys(needed) if name in known and known[name].kind not in NO_STEPS]
    basics = BASICS[: max(2, most * len(BASICS) // MOST_CARDS)]
    room = max(0, most - len(first) - len([name for name in basics if name not in first]))
    best = [name for name in _fused(text) if name not in (*first, *basics)]
    chosen = [*first, *best[:room], *(name for name in basics if name not in first)]
    return tuple(known[name] for name in chosen[: max(most, len(first))])


def points_to(text: str, operator: str) -> bool:
    """Whether any word of the text speaks of the operator."""
    return any(hit.name == operator for hit in retrieve(text))


def _fused(text: str) -> Sequence[str]:
    """Operators by the ranks that they have for each clause and for the whole text."""
    known = summaries()
    scores: dict[str, float] = {}
    for part in dict.fromkeys((text, *(phrase.text for phrase in split(text)))):
        hits = [hit.name for hit in retrieve(part) if known[hit.name].kind not in NO_STEPS]
        for rank, name in enumerate(hits[:PER_CLAUSE]):
            scores[name] = scores.get(name, 0.0) + 1 / (DAMPING + rank)
    return sorted(scores, key=lambda name: (-scores[name], name))
