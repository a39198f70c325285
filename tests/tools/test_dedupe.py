"""exact_dedup, minhash_dedup, and the shingles and sketches beneath."""

import random
import re
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from pydantic import ValidationError
from real_data import rows
from small_engine import holds, run, same_for_any_cut

from tools.dedupe import shingles as shingling
from tools.dedupe.exact import ExactDedup
from tools.dedupe.minhash import MinHashDedup, band_size
from tools.dedupe.pairs import ALL_WITH_ALL, buckets, pairs_within
from tools.dedupe.shingles import Grams, shingles, words
from tools.dedupe.sketch import sketches


@pytest.mark.parametrize("example", ExactDedup.card.examples, ids=str)
def test_examples_of_exact_dedup_hold(example):
    holds(ExactDedup, example)


@pytest.mark.parametrize("example", MinHashDedup.card.examples, ids=str)
def test_examples_of_minhash_dedup_hold(example):
    holds(MinHashDedup, example)


def slow_shingles(text: str, n: int) -> set[tuple[str, ...]]:
    """Plain Python, for text without marks and Han or kana characters."""
    found = re.findall(r"[^\W_]+", text.lower())
    return {tuple(found[at : at + n]) for at in range(max(1, len(found) - n + 1))} if found else set()


def families(count: int, draw: random.Random, length: int = 60) -> list[str]:
    """Texts with twins that differ in one word in fifty to one in four: around and below the threshold."""
    vocabulary = [f"word{number}" for number in range(2000)]
    found = []
    for _ in range(count):
        base = draw.choices(vocabulary, k=draw.randint(length // 2, length * 2))
        found.append(" ".join(base))
        for share in (0.005, 0.01, 0.02, 0.03, 0.25):
            found.append(" ".join(draw.choice(vocabulary) if draw.random() < share else word for word in base))
    draw.shuffle(found)
    return found


def true_pairs(texts: list[str], n: int, similarity: float) -> set[tuple[int, int]]:
    sets = [slow_shingles(text, n) for text in texts]
    near = ((one, two) for one, two in combinations(range(len(sets)), 2) if sets[one] and sets[two])
    return {(one, two) for one, two in near if len(sets[one] & sets[two]) >= similarity * len(sets[one] | sets[two])}


def found_pairs(texts: list[str], **params: object) -> set[tuple[int, int]]:
    pairs = run(MinHashDedup(**params), {"text": texts})["pairs"]
    return {(min(pair["row"], pair["other"]), max(pair["row"], pair["other"])) for pair in pairs}


def test_words_are_lower_cased_runs_of_letters_and_digits():
    texts = ["Hello, World! a_b 7", "", " \n", "ÉTÉ naïve", "中文字 test かな", "한국어 단어", "हिन्दी शब्द", "\U0001f469‍x", "x" * 40]
    assert words(pa.array(texts)).counts.tolist() == [5, 0, 0, 2, 6, 2, 2, 1, 1]
    one, two = (words(pa.array([text])).hashes.tolist() for text in ("hello ÉTÉ", "Hello été"))
    assert one == two


def test_words_do_not_run_from_one_text_into_the_next():
    whole = words(pa.array(["ab", "cd", "", "ab"]))
    assert whole.counts.tolist() == [1, 1, 0, 1]
    assert whole.hashes[0] == whole.hashes[2] != whole.hashes[1]


def test_pieces_do_not_matter(monkeypatch):
    texts = pa.array(["one two  three" * 50, "", "中文字" * 70, "x" * 500, "été " * 99, "end"])
    whole = words(texts)
    monkeypatch.setattr(shingling, "PIECE", 64)
    shingling._long_powers.cache_clear()
    cut = words(texts)
    shingling._long_powers.cache_clear()
    assert whole.hashes.tolist() == cut.hashes.tolist()
    assert whole.offsets.tolist() == cut.offsets.tolist()


def test_a_slice_of_an_array_has_the_words_of_its_rows():
    texts = pa.array(["a b", "c d e", "", "f"])
    whole, part = shingles(texts, 2), shingles(texts.slice(1, 2), 2)
    assert part.hashes.tolist() == whole.hashes[whole.offsets[1] : whole.offsets[3]].tolist()


def test_shingles_are_equal_where_the_words_are():
    texts = families(8, random.Random(5))
    for n in (1, 2, 5):
        own = shingles(pa.array(texts), n)
        sets = [set(own.hashes[one:two].tolist()) for one, two in zip(own.offsets[:-1], own.offsets[1:], strict=True)]
        slow = [slow_shingles(text, n) for text in texts]
        assert [len(a & b) for a, b in combinations(sets, 2)] == [len(a & b) for a, b in combinations(slow, 2)]


@pytest.mark.parametrize("size", [1, 2, 12, 60, 400, 3000])
def test_sketches_agree_as_often_as_sets_are_similar(size):
    draw = np.random.default_rng(3)
    trials, agreed, wanted = 120 if size < 1000 else 20, [], []
    for _ in range(trials):
        pool = draw.integers(0, 1 << 63, 2 * size, dtype=np.uint64)
        common = size - size // 3
        sets = [pool[:size], np.concatenate((pool[:common], pool[size : size + size - common]))]
        found = sketches(Grams(np.concatenate(sets), np.array([0, size, 2 * size])))
        agreed.append((found[0] == found[1]).mean())
        wanted.append(common / (2 * size - common))
    assert abs(np.mean(agreed) - np.mean(wanted)) < 0.03 / np.sqrt(trials) * 4


def test_a_sketch_does_not_depend_on_the_rows_around_it():
    draw = np.random.default_rng(9)
    sizes = np.array([0, 3, 1000, 1, 40, 0, 5000, 200])
    whole = Grams(draw.integers(0, 1 << 63, sizes.sum(), dtype=np.uint64), np.concatenate(([0], np.cumsum(sizes))))
    together = sketches(whole)
    for at, (start, stop) in enumerate(zip(whole.offsets[:-1], whole.offsets[1:], strict=True)):
        alone = sketches(Grams(whole.hashes[start:stop], np.array([0, stop - start])))
        assert (alone[0] == together[at]).all()


def test_every_injected_twin_is_found_and_nothing_below_the_threshold():
    texts = families(70, random.Random(1))
    wanted, found = true_pairs(texts, 5, 0.8), found_pairs(texts)
    assert len(wanted) > 200
    assert found <= wanted
    assert len(found) >= 0.995 * len(wanted)


@pytest.mark.parametrize(("similarity", "ngram"), [(0.5, 3), (0.65, 2), (0.95, 5)])
def test_other_thresholds_find_their_pairs_too(similarity, ngram):
    texts = families(40, random.Random(2))
    wanted, found = true_pairs(texts, ngram, similarity), found_pairs(texts, similarity=similarity, reach=min(0.8, similarity), ngram=ngram)
    assert found <= wanted
    assert len(found) >= 0.995 * len(wanted)


def test_real_pages_against_brute_force():
    pages = sorted(rows("docs_near_dup/powershell_reference.jsonl.zst"), key=lambda row: (row["group"], row["version"]))
    texts = [str(page["text"]) for page in pages[:120]]
    wanted, found = true_pairs(texts, 5, 0.8), found_pairs(texts)
    assert len(wanted) > 50
    assert found <= wanted
    assert len(found) >= 0.995 * len(wanted)


def test_no_cut_and_no_order_of_notes_changes_who_stays():
    texts = [*families(12, random.Random(4), length=30), "", "short", "Short!", "", "中文字中文字", "中文字中文字。"]
    for keep in ("first", "longest"):
        found = same_for_any_cut(MinHashDedup(keep=keep, ngram=3), {"text": texts})
        assert 10 < len(found["kept"]) < len(texts)


def test_a_bucket_of_many_twins_is_one_cluster():
    texts = ["the very same text of some words"] * 500
    found = run(MinHashDedup(), {"text": texts})
    assert found["kept"] == [0]
    assert len(found["pairs"]) < 500 * 5  # not all with all


def test_small_buckets_pair_all_with_all_and_large_ones_with_neighbours_and_the_first():
    def pairs(sizes):
        keys = np.repeat(np.arange(len(sizes), dtype=np.uint64), sizes)
        places = np.arange(len(keys))
        return pairs_within(buckets(pa.chunked_array([pa.array(keys)]), pa.chunked_array([pa.array(places)])))

    assert len(pairs([3, 1, 2])) == 3 + 1
    assert len(pairs([ALL_WITH_ALL])) == ALL_WITH_ALL * (ALL_WITH_ALL - 1) // 2
    assert len(pairs([ALL_WITH_ALL + 1])) == 2 * ALL_WITH_ALL - 1
    assert len(pairs([])) == 0


def test_texts_without_words_never_pair():
    assert run(MinHashDedup(), {"text": ["", "", "?!", "?!"]})["kept"] == [0, 1, 2, 3]


def test_a_reference_row_always_stays():
    given, against = {"text": ["a b c d e f", "new words here"], "by": [9.0, 1.0]}, {"text": ["A b c d e f!"]}
    for operator in (MinHashDedup(keep="best"), MinHashDedup()):
        found = run(operator, given, against)
        assert found["kept"] == [1]
    assert run(ExactDedup(keep="best", ignore="case_and_space"), given, {"text": ["A b C d e f"]})["kept"] == [1]


def test_similarity_below_reach_is_refused_with_the_mend():
    with pytest.raises(ValidationError, match=r"set reach to 0\.6 too"):
        MinHashDedup(similarity=0.6)
    assert MinHashDedup(similarity=0.6, reach=0.6).undecided().similarity == 0.8


@pytest.mark.parametrize("reach", [0.2, 0.35, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
def test_bands_reach_as_far_as_they_say(reach):
    size = band_size(reach)
    assert 1 - (1 - reach**size) ** (256 // size) >= 0.995


def test_exact_dedup_is_the_same_for_any_cut():
    draw = random.Random(6)
    texts = [draw.choice(["a", "A", " a", "b  c", "b c", "", "é"]) for _ in range(60)]
    texts[7] = None
    whole = same_for_any_cut(ExactDedup(), {"text": texts})
    assert [texts[row] for row in whole["kept"] if texts[row] is not None] == list(dict.fromkeys(text for text in texts if text is not None))
    loose = same_for_any_cut(ExactDedup(ignore="case_and_space"), {"text": texts})
    assert [texts[row] for row in loose["kept"]].count(None) == 1
    assert len(loose["kept"]) == 5


def test_exact_duplicates_of_real_messages_go_and_all_distinct_ones_stay():
    texts = [str(row["text"]) for row in rows("spam/sms_spam.jsonl.zst")]
    kept = run(ExactDedup(), {"text": texts}, cut=500)["kept"]
    assert [texts[row] for row in kept] == list(dict.fromkeys(texts))
    assert len(kept) < len(texts)
