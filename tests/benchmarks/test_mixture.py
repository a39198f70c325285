"""The corpus with known twins: what it says of them holds."""

import json
import random
from pathlib import Path

import pytest

from benchmarks import mixture
from benchmarks.peers import truth

VOCABULARY = ["alpha", "beta", "gamma"]


def jaccard(one: str, other: str) -> float:
    sets = [{tuple(words[place : place + 5]) for place in range(len(words) - 4)} for words in map(truth.space, (one, other))]
    return len(sets[0] & sets[1]) / len(sets[0] | sets[1])


def test_so_many_words_are_changed_and_nothing_else() -> None:
    text = "One two\n\n  three, four\tfive — alpha."
    given = mixture.changed(text, 3, random.Random(1), VOCABULARY)
    assert sum(one != other for one, other in zip(text.split(), given.split(), strict=True)) == 3
    assert mixture.WORD.split(given) == mixture.WORD.split(text)


def test_a_word_is_never_replaced_by_itself() -> None:
    assert "alpha" not in mixture.changed("alpha Alpha alpha", 3, random.Random(1), ["alpha"]).split()


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> tuple[list[str], list[dict[str, int]]]:
    """Small texts of our own in place of the public ones."""
    draw = random.Random(5)
    own = [" ".join(draw.choice("abcdefghijklmnopqrstuvwxyz") * 3 for _ in range(draw.randrange(40, 200))) for _ in range(300)]
    patch = pytest.MonkeyPatch()
    request.addfinalizer(patch.undo)
    patch.setattr(mixture, "SOURCES", {"own": 1})
    patch.setattr(mixture, "_texts", lambda path: iter(own))
    patch.setattr(mixture, "SOON", 50)
    path = tmp_path_factory.mktemp("corpus") / "own.jsonl"
    mixture.write(path, 0.3)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line["id"] for line in lines] == list(range(1, len(lines) + 1))
    twins: list[dict[str, int]] = [json.loads(line) for line in mixture.twins_of(path).read_text(encoding="utf-8").splitlines()]
    return [line["text"] for line in lines], twins


def test_twins_differ_in_the_words_that_are_said(corpus: tuple[list[str], list[dict[str, int]]]) -> None:
    texts, twins = corpus
    assert len(twins) > 30
    for twin in twins:
        one, other = texts[twin["row"]].lower().split(), texts[twin["other"]].lower().split()
        assert len(one) == len(other) == twin["words"]
        assert sum(a != b for a, b in zip(one, other, strict=True)) == twin["changed"]
        assert twin["changed"] <= max(1, round(0.05 * twin["words"]))


def test_twins_are_as_near_as_their_changed_words_allow(corpus: tuple[list[str], list[dict[str, int]]]) -> None:
    texts, twins = corpus
    for twin in twins:
        changed, grams = 5 * twin["changed"], len(set(zip(*(texts[twin["other"]].lower().split()[place:] for place in range(5)), strict=False)))
        assert jaccard(texts[twin["row"]], texts[twin["other"]]) >= (grams - changed) / (grams + changed)


def test_only_twins_are_near_duplicates_and_copies_of_later_rounds_are_not(corpus: tuple[list[str], list[dict[str, int]]]) -> None:
    texts, twins = corpus
    assert len(texts) > 400  # a second round has begun
    joined = {frozenset((twin["row"], twin["other"])) for twin in twins}
    known = truth.clusters([(twin["row"], twin["other"]) for twin in twins], len(texts))
    found = truth.near(texts, truth.space)
    assert all(known[one] == known[other] for one, other in found)
    assert 0 < len({frozenset(pair) for pair in found} & joined) < len(joined)  # on both sides of the threshold


def test_the_same_seed_gives_the_same_corpus(tmp_path: Path, corpus: tuple[list[str], list[dict[str, int]]]) -> None:
    mixture.write(tmp_path / "again.jsonl", 0.3)
    assert [json.loads(line)["text"] for line in (tmp_path / "again.jsonl").read_text(encoding="utf-8").splitlines()] == corpus[0]
