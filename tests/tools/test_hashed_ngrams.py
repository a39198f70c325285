"""Hashed n-grams against plain counting."""

from collections import Counter

import numpy as np
import pyarrow as pa

from tools.hashed_ngrams import bucket_counts, buckets_of, ngrams, ngrams_up_to, sparse_counts, vectors
from tools.scan import TextScan

TEXTS = pa.array(["the cat sat on the mat", "", "one", "The cat sat on a hat", "the cat sat on the mat"])
WORDS = TextScan(TEXTS).word_hashes


def test_there_are_as_many_ngrams_as_places_where_one_fits() -> None:
    for size in (1, 2, 3, 7):
        found = ngrams(WORDS, size)
        wanted = [max(0, len(text.split()) - size + 1) for text in TEXTS.to_pylist()]
        assert np.bincount(found.rows, minlength=len(TEXTS)).tolist() == wanted


def test_equal_ngrams_have_equal_hashes_and_others_do_not() -> None:
    found = ngrams(WORDS, 2)
    spelt = [f"{one} {two}".lower() for text in TEXTS.to_pylist() for one, two in zip(text.split(), text.split()[1:], strict=False)]
    assert len(set(zip(found.hashes.tolist(), spelt, strict=True))) == len(set(spelt)) == len(set(found.hashes.tolist()))


def test_counts_by_text_add_up_to_counts_of_all() -> None:
    found = ngrams_up_to(WORDS, 2)
    whole, each = bucket_counts(found, 64), sparse_counts(found, 64)
    assert whole.sum() == len(found.hashes) == each.counts.sum()
    assert np.bincount(each.buckets, each.counts, 64).astype(int).tolist() == whole.tolist()
    for row in range(len(TEXTS)):
        here = slice(each.offsets[row], each.offsets[row + 1])
        assert dict(zip(each.buckets[here].tolist(), each.counts[here].tolist(), strict=True)) == Counter(
            buckets_of(found.hashes[found.rows == row], 64).tolist()
        )


def test_vectors_are_of_length_one_and_alike_where_texts_are() -> None:
    found = vectors(ngrams_up_to(WORDS, 2), 256)
    assert np.allclose(np.linalg.norm(found, axis=1), [1, 0, 1, 1, 1])
    alike = found @ found.T
    assert np.isclose(alike[0, 4], 1) and 0.3 < alike[0, 3] < 0.9 and abs(alike[0, 2]) < 0.3


def test_the_cut_does_not_show_in_vectors() -> None:
    whole = vectors(ngrams_up_to(WORDS, 2), 64)
    pieces = [vectors(ngrams_up_to(TextScan(TEXTS.slice(at, 1)).word_hashes, 2), 64) for at in range(len(TEXTS))]
    assert np.array_equal(whole, np.concatenate(pieces))
    assert np.array_equal(whole[1:3], vectors(ngrams_up_to(WORDS.slice(1, 2), 2), 64))
