"""The laws of the contract, for every operator of the catalogue; and that they catch operators that break them."""

from collections.abc import Mapping, Sequence

import pytest

from tests import faulty
from tools import catalogue
from tools.contract import Operator
from tools.provenance import operator_digest
from workflows import certificates, vetting
from workflows.trust import State
from workflows.vetting import Verdict

# beside the parameters of each card's examples
MORE: Mapping[str, Sequence[Mapping[str, object]]] = {
    "balance": ({"rows": 11}, {"rows_each": 3}),
    "c4_quality": ({"curly_brackets_at_most": None, "sentences_at_least": 2},),
    "characters": ({"at_least": 10, "at_most": 200},),
    "chunk": ({"characters": 40, "overlap": 5, "at": "paragraph"},),
    "contains_words": ({"words": ["the", "de", "in der", "😀"], "at_least": 1},),
    "derive": ({"column": "long", "value": "length(title) > 1"},),
    "exact_dedup": ({"ignore": "case_and_space", "keep": "best"},),
    "fix_unicode": (),
    "gopher_quality": ({"words_at_least": 5, "stop_words_at_least": None},),
    "line_end_punctuation_share": ({"at_least": 0.5},),
    "matches": ({"pattern": r"(?m)^\w+", "at_least": 1, "at_most": 3},),
    "normalise_unicode": ({"form": "NFKD"},),
    "quantile": ({"at_least": 0.1, "at_most": 0.9},),
    "random_sample": ({"rows": 7}, {"share": 0.4}),
    "sort": ({"descending": True}, {"compare": "number", "descending": True}),
    "split": ({"validation": 0.3, "test": 0.2},),
    "stop_words": ({"language": "de", "share_at_least": 0.2},),
    "stratified_sample": ({"rows": 9}, {"share": 0.3}),
    "token_budget": ({"budget": 20}, {"budget": 9, "take": "best"}),
    "top_k": ({"rows": 7}, {"share": 0.5, "largest": False}),
    "words": ({"at_least": 3, "at_most": 40},),
}
BROKEN: Sequence[tuple[type[Operator], str]] = (
    (faulty.Remembers, "one_row_at_a_time"),
    (faulty.Peeks, "only_declared_columns"),
    (faulty.Loses, "columns_and_types"),
    (faulty.LosesWhenMany, "any_cut"),
    (faulty.NotForNone, "empty_input"),
    (faulty.OtherType, "columns_and_types"),
    (faulty.Positions, "any_cut"),
    (faulty.CountsBatches, "any_cut"),
    (faulty.Miscounts, "examples_hold"),
    (faulty.Dice, "same_seed_same_result"),
    (faulty.FirstLetter, "nasty_text"),
    (faulty.Calls, "no_network"),
    (faulty.Boasts, "examples_hold"),
    (faulty.TakesNulls, "nulls_stay_out"),
    (faulty.ArrivalOrder, "any_order_of_notes"),
    (faulty.FirstWord, "near_duplicates"),
)


def broken(verdicts: Sequence[Verdict]) -> dict[str, str]:
    return {law.name: law.note for law in verdicts if not law.passed}


def operators() -> list[object]:
    """Names. The drill tries all; here every sixth, for none whose code has changed since it was vetted gets by the certificates. Those that
    start a process for every row are left to the drill, too."""
    return [
        pytest.param(name, marks=pytest.mark.slow) if turn % 6 or catalogue.operator(name).card.jailed else name
        for turn, name in enumerate(catalogue.OPERATORS)
    ]


@pytest.mark.parametrize("name", operators())
def test_every_operator_keeps_the_laws(name: str) -> None:
    assert not broken(vetting.judged(name, catalogue.operator(name), MORE.get(name, ()), quick=True))


def test_every_sixth_operator_gives_the_same_in_a_fresh_process() -> None:
    found = vetting.fresh_process([(name, catalogue.operator(name), MORE.get(name, ())) for name in list(catalogue.OPERATORS)[1::6]])
    assert not {name: law.note for name, law in found.items() if not law.passed}


@pytest.mark.slow
def test_every_operator_gives_the_same_in_a_fresh_process() -> None:
    found = vetting.fresh_process([(name, catalogue.operator(name), MORE.get(name, ())) for name in catalogue.OPERATORS])
    assert not {name: law.note for name, law in found.items() if not law.passed}


@pytest.mark.slow
@pytest.mark.parametrize("name", catalogue.OPERATORS)
def test_every_operator_keeps_the_laws_that_take_seconds(name: str) -> None:
    assert not broken(vetting.judged(name, catalogue.operator(name)))


@pytest.mark.parametrize(("made", "law"), BROKEN, ids=lambda value: value if isinstance(value, str) else value.__name__)
def test_an_operator_that_breaks_a_law_is_caught(made: type[Operator], law: str) -> None:
    assert law in broken(vetting.judged(made.__name__, made, quick=True))


@pytest.mark.slow
def test_an_operator_that_knows_its_process_is_caught() -> None:
    assert set(broken(vetting.judged("knows_its_process", faulty.KnowsItsProcess))) == {"any_number_of_workers"}


def test_a_value_that_hangs_on_the_process_is_caught() -> None:
    assert "in a fresh process" in vetting.fresh_process([("salted_hash", faulty.SaltedHash, ())])["salted_hash"].note


def test_an_operator_that_cannot_be_pickled_is_caught() -> None:
    local = type("Local", (faulty.Boasts,), {})
    assert not vetting.fresh_process([("local", local, ())])["local"].passed


def test_a_broken_operator_gets_no_certificate_that_passes() -> None:
    found = vetting.vet(faulty.Positions, quick=True)
    assert not found.passed
    assert found.digest == operator_digest(faulty.Positions)
    assert {"one_row_at_a_time", "any_cut"} <= set(broken(found.laws))


def test_a_vetted_operator_counts_as_long_as_its_code_stays(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    state = State(tmp_path_factory.mktemp("state") / "winnow")
    monkeypatch.setattr(certificates, "shipped", dict)
    assert not certificates.vetted("rename", state)
    found = vetting.vet("rename", quick=True)
    state.put_certificate(found.digest, found.model_dump(mode="json"))
    assert found.passed
    assert certificates.vetted("rename", state)
    monkeypatch.setattr(certificates, "operator_digest", lambda _: "other code")
    assert not certificates.vetted("rename", state)


def test_a_certificate_that_failed_counts_for_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    state = State(tmp_path_factory.mktemp("state") / "winnow")
    monkeypatch.setattr(certificates, "shipped", dict)
    state.put_certificate(operator_digest(catalogue.operator("rename")), {"passed": False})
    assert not certificates.vetted("rename", state)


def test_certificates_that_come_with_the_package_are_fresh() -> None:
    """When this fails: `python -m workflows.vetting`."""
    assert certificates.shipped() == {name: operator_digest(catalogue.operator(name)) for name in catalogue.OPERATORS}


def test_the_network_is_back_after_vetting() -> None:
    import socket

    before = socket.socket.connect
    with vetting.offline():
        assert socket.socket.connect is not before
    assert socket.socket.connect is before
