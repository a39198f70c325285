"""Equal values have equal digests, in any batch and of any width."""

import random
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
import xxhash

from tools.digest import DIGEST, digest, hashes


def test_text_is_digested_as_its_bytes() -> None:
    texts = ["", "a", "é\x00日"]
    assert digest(pa.array(texts)).to_pylist() == [xxhash.xxh3_128_digest(text.encode()) for text in texts]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (pa.array([1, None], pa.int8()), pa.array([1, None], pa.uint64())),
        (pa.array([1.0, None]), pa.array([1, None])),
        (pa.array(["a", None]), pa.array(["a", None], pa.large_string())),
        (pa.array(["a", None]), pa.array(["a", None]).dictionary_encode()),
        (pa.array(["a", None]), pa.chunked_array([["a"], [None]])),
        (pa.array([b"a", None]), pa.array(["a", None])),
        (pa.array([{"a": 1, "b": [2]}, None]), pa.array([{"b": [2], "a": 1}, None])),
    ],
)
def test_the_form_of_a_value_does_not_matter(one: pa.Array, other: pa.Array) -> None:
    assert digest(one).equals(digest(other))
    assert digest(one).type == DIGEST


@pytest.mark.parametrize(
    "values",
    [
        pa.array([0.1, 0.2, float("nan"), float("inf"), -1.5]),
        pa.array([True, False]),
        pa.array([date(2024, 5, 6), date(2024, 5, 7)]),
        pa.array([Decimal("1.10"), Decimal("1.20")]),
        pa.array([[1], [1, 2], []]),
        pa.array([{"a": b"x"}, {"a": b"y"}]),
        pa.array([b"ab", b"cd"], pa.binary(2)),
    ],
)
def test_every_type_has_distinct_digests_that_a_cut_does_not_change(values: pa.Array) -> None:
    whole = digest(values).to_pylist()
    assert len(set(whole)) == len(values)
    assert [digest(values.slice(row, 1))[0].as_py() for row in range(len(values))] == whole


def test_null_and_nothing() -> None:
    assert digest(pa.array([None, None])).to_pylist() == [None, None]
    assert (digest(pa.array([], pa.string())).type, len(digest(pa.array([], pa.string())))) == (DIGEST, 0)


@pytest.mark.parametrize("switch", ["on", "off"])
def test_bytes_of_every_length_are_hashed_as_xxhash_does(switch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WINNOW_KERNELS", switch)
    draw = random.Random(1)
    values = [draw.randbytes(size) for size in (*range(1101), 2047, 2048, 2049, 4096, 4097, 1 << 20, 999_999)]
    array = pa.array([b"before", *values, None], pa.binary()).slice(1)
    assert hashes(array).tolist() == [xxhash.xxh3_64_intdigest(value) for value in (*values, b"")]
    assert digest(array).to_pylist() == [*(xxhash.xxh3_128_digest(value) for value in values), None]
