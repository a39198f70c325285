"""The table of peers names operators that are there, and its page is what the table says."""

from docs import peers
from tools.catalogue import OPERATORS


def test_every_operator_that_answers_a_peer_is_in_the_catalogue() -> None:
    assert sorted(peers.named() - OPERATORS.keys()) == []


def test_the_page_of_peers_is_what_the_table_says() -> None:
    assert peers.PAGE.read_text(encoding="utf-8") == peers.page(), "write it anew: python -m docs.peers"


def test_every_answer_has_operators_or_a_reason() -> None:
    for peer in peers.peers():
        for name, text in peer["operators"].items():
            found = peers.answer(text)
            assert found.operators or found.note, name
