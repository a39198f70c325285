"""What lists of hashes say of texts agrees with plain counting."""

import math
import random
from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools import lists

HASHES = st.lists(st.one_of(st.none(), st.lists(st.sampled_from([0, 1, 2, 3, 2**64 - 1, 2**63]), max_size=40)), max_size=6)


def array(values: list[list[int] | None], kind: pa.DataType = pa.uint64()) -> pa.Array:  # noqa: B008
    """A part of a longer array, as operators get it."""
    return pa.array([[1, 1], None, *values, [2]], pa.list_(kind)).slice(2, len(values))


@pytest.fixture(params=["on", "off"], autouse=True, scope="module")
def switch(request: pytest.FixtureRequest) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WINNOW_KERNELS", request.param)
        yield


@settings(max_examples=50)
@given(HASHES)
def test_lists_are_reduced_as_by_plain_counting(values: list[list[int] | None]) -> None:
    hashes, lengths = array(values), array([None if one is None else list(range(1, len(one) + 1)) for one in values], pa.int32())
    repeated = [None if one is None else [place + 1 for place, value in enumerate(one) if value in one[:place]] for one in values]
    assert lists.distinct(hashes).to_pylist() == [None if one is None else len(set(one)) for one in values]
    count, characters = lists.repeats(hashes, lengths)
    assert count.to_pylist() == [None if one is None else len(one) for one in repeated]
    assert characters.to_pylist() == [None if one is None else sum(one) for one in repeated]
    assert {distinct.type for distinct in (lists.distinct(hashes), count, characters)} == {pa.int32()}


@settings(max_examples=50)
@given(HASHES)
def test_entropy_is_that_of_shannon(values: list[list[int] | None]) -> None:
    found = lists.entropy(array(values)).to_pylist()
    for one, bits in zip(values, found, strict=True):
        shares = [count / len(one) for count in Counter(one).values()] if one is not None else []
        assert bits == (None if one is None else pytest.approx(-sum(share * math.log2(share) for share in shares), abs=1e-7))


def test_entropy_does_not_depend_on_the_order() -> None:
    words = [number % (number % 7 + 1) for number in range(1000)]
    assert len(set(lists.entropy(array([words, sorted(words), words[::-1]])).to_pylist())) == 1


def test_long_and_short_lists_share_one_table() -> None:
    long, short = [number % 5000 for number in range(20_000)], [7, 7, 8]
    hashes, lengths = array([long, short, [], long, None]), array([[1] * len(long), [1, 2, 3], [], [2] * len(long), None], pa.int32())
    assert lists.distinct(hashes).to_pylist() == [5000, 2, 0, 5000, None]
    assert [one.to_pylist() for one in lists.repeats(hashes, lengths)] == [[15_000, 1, 0, 15_000, None], [15_000, 2, 0, 30_000, None]]
    assert lists.entropy(hashes).to_pylist()[2] == 0


def test_both_paths_give_the_same_bits_of_entropy(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(1)
    hashes = array([[int(draw.paretovariate(1)) for _ in range(draw.randrange(3000))] for _ in range(50)])
    found = [lists.entropy(hashes) for value in ("on", "off") if monkeypatch.setenv("WINNOW_KERNELS", value) is None]
    assert found[0].equals(found[1])
