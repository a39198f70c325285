"""The judge of near-duplicates, judged: every pair against counting out, clusters and scores with answers known."""

import random

import pytest

from benchmarks.peers import score, truth


def jaccard(one: str, other: str, split: truth.Split) -> float:
    sets = [{tuple(words[place : place + 5]) for place in range(max(1, len(words) - 4))} for words in map(split, (one, other))]
    return len(sets[0] & sets[1]) / len(sets[0] | sets[1])


def texts(seed: int = 3) -> list[str]:
    """Families around the threshold: each member has some words of the one before it changed."""
    draw = random.Random(seed)
    made: list[str] = []
    for _ in range(12):
        words = [f"w{draw.randrange(90)}" for _ in range(draw.randrange(6, 120))]
        for _ in range(draw.randrange(1, 7)):
            made.append(" ".join(words))
            words = words.copy()
            for place in draw.sample(range(len(words)), max(1, len(words) // 50)):
                words[place] = f"x{draw.randrange(90)}"
    draw.shuffle(made)
    return made


@pytest.mark.parametrize("split", [truth.runs, truth.space])
def test_every_pair_and_no_other_is_found(split: truth.Split) -> None:
    given = texts()
    wanted = {(a, b) for b in range(len(given)) for a in range(b) if jaccard(given[a], given[b], split) >= 0.8}
    assert len(wanted) > 10
    assert {(min(pair), max(pair)) for pair in truth.near(given, split)} == wanted


def test_a_pair_at_four_fifths_exactly_counts() -> None:
    one = " ".join(f"w{number}" for number in range(13))  # 9 n-grams
    other = one + " w13"  # the same and one more: 9 of 10
    third = " ".join(f"w{number}" for number in range(12))  # 8 of them: 8 of 10
    assert jaccard(third, other, truth.space) == 0.8
    assert sorted(truth.near([other, third], truth.space)) == [(0, 1)]


def test_texts_without_words_pair_with_none() -> None:
    assert truth.near(["", " ", "..."], truth.runs) == []
    assert truth.near([], truth.space) == []


def test_words_are_runs_of_letters_and_digits_or_lie_between_spaces() -> None:
    text = "Don't stop_now: 3.5\u00a0 e\u0301te\u0301 日本"
    assert truth.runs(text) == ["don", "t", "stop", "now", "3", "5", "e\u0301te\u0301", "日", "本"]
    assert truth.space(text) == ["don't", "stop_now:", "3.5", "e\u0301te\u0301", "日本"]


def test_clusters_join_along_chains() -> None:
    assert truth.clusters([(4, 2), (2, 3), (0, 5)], 6) == [0, 1, 2, 2, 2, 0]


def test_of_each_cluster_all_but_one_must_go_whichever_stays() -> None:
    clusters = [0, 0, 0, 3, 4, 4]
    assert score.removal([0, 3, 4], clusters) == score.Removal(1.0, 1.0)
    assert score.removal([2, 3, 5], clusters) == score.Removal(1.0, 1.0)


def test_a_cluster_that_goes_whole_has_one_wrong() -> None:
    assert score.removal([0, 3], [0, 0, 0, 3, 4, 4]) == score.Removal(3 / 4, 1.0)


def test_a_row_without_a_partner_that_goes_is_wrong_and_one_that_stays_is_missed() -> None:
    assert score.removal([0, 1, 4], [0, 0, 0, 3, 4, 4]) == score.Removal(2 / 3, 2 / 3)


def test_decisions_agree_by_row() -> None:
    assert score.agreement([0, 1, 2], [1, 2, 3], 8) == 0.75


def test_rows_that_never_went_in_are_told() -> None:
    assert score.unlike([0, 1], 2) == ""
    assert score.unlike([0, 0], 2) == "rows came out twice"
    assert score.unlike([2], 2) == "rows came out that never went in"
