"""The gateway against a server that goes wrong in every known way: an answer, or an error that says what to do; never a hang."""

import threading
import time
from pathlib import Path

import pytest

from sandbox.gateway import Ask, Budget, Endpoint, Gateway, GatewayError, Message
from sandbox.gateway.errors import Busy, Cancelled, Rejected, TimedOut, Unreachable, Unreadable
from sandbox.gateway.trying import Patience
from tests.endpoint.answers import FAULTS, Answer
from tests.endpoint.server import Server

SCHEMA = {
    "type": "object",
    "properties": {"op": {"enum": ["words", "keep"]}, "why": {"type": "string"}},
    "required": ["op", "why"],
    "additionalProperties": False,
}
DATA = {"op": "keep", "why": "Zürich 日本"}
TEXT = '{"op": "keep", "why": "Zürich 日本"}'
ASK = Ask((Message("system", "You plan."), Message("user", "Keep it.")), SCHEMA)
TALK = Ask((Message("user", "Say something."),))
QUICK = Patience(first_wait=0.001, silences=3)
RECOVERED = (
    "busy",
    "busy_by_date",
    "error_500",
    "error_503",
    "cut_stream",
    "reset",
    "reset_midway",
    "error_200",
    "error_midway",
    "refuses_format",
    "refuses_seed",
)
READ = ("ignores_limit", "cut_cleanly", "split_utf8", "fenced", "thinking", "no_usage", "whole")
RAISED = {
    "slow_headers": TimedOut,
    "slow_tokens": TimedOut,
    "bad_utf8": Unreadable,
    "no_choices": Unreadable,
    "html": Unreadable,
    "null_content": Unreadable,
    "refusal": Unreadable,
    "length": Unreadable,
    "huge": Unreadable,
    "huge_line": Unreadable,
    "wrong_model": Rejected,
    "too_long": Rejected,
    "echoes": Rejected,
    "redirect": Rejected,
    "compressed": Unreadable,
    "wrong_types": Unreadable,
    "nothing": Unreadable,
}
MENDED = ("broken_json",)
PASSED_ON = ("wrong_schema",)  # whoever asked holds the object against the schema


def gateway(server: Server, cache: Path | None = None, *, budget: Budget | None = None, **more) -> Gateway:
    endpoint = Endpoint(alias="t", url=server.url, model="any", **{"timeout_seconds": 20, **more})
    return Gateway(endpoint, budget=budget or Budget(), cache=cache, patience=QUICK)


def test_every_fault_of_the_test_server_has_its_line_here() -> None:
    assert sorted((*RECOVERED, *READ, *RAISED, *MENDED, *PASSED_ON)) == sorted(FAULTS)


@pytest.mark.parametrize("fault", RECOVERED)
def test_what_comes_and_goes_is_asked_again(server: Server, fault: str) -> None:
    server.say(Answer(TEXT, fault), TEXT)
    assert gateway(server).ask(ASK).data == DATA
    assert [asked.fault for asked in server.asked] == [fault, None]


@pytest.mark.parametrize("fault", READ)
def test_what_can_be_read_is_read_at_once(server: Server, fault: str) -> None:
    server.say(Answer(TEXT, fault))
    reply = gateway(server).ask(ASK)
    assert (reply.data, reply.mended, reply.estimated, len(server.asked)) == (DATA, False, fault == "no_usage", 1)


def test_broken_json_is_mended_and_said_to_be(server: Server) -> None:
    server.say(Answer(TEXT, "broken_json"))
    reply = gateway(server).ask(ASK)
    assert (reply.data, reply.mended) == (DATA, True)


def test_an_object_that_does_not_fit_is_for_the_caller_to_judge(server: Server) -> None:
    server.say(Answer(TEXT, "wrong_schema"))
    assert gateway(server).ask(ASK).data == {"something": "else"}


@pytest.mark.parametrize(("fault", "kind"), RAISED.items())
def test_what_is_no_answer_is_an_error_that_names_model_and_host(server: Server, fault: str, kind: type[GatewayError]) -> None:
    server.say(*[Answer(TEXT, fault, seconds=0.8)] * 3)
    asked = gateway(server, timeout_seconds=0.5 if kind is TimedOut else 20)
    asked.mode()
    started = time.monotonic()
    with pytest.raises(kind, match=r"t \(127\.0\.0\.1:\d+\)") as raised:
        asked.ask(ASK)
    assert time.monotonic() - started < 5
    assert len(server.asked) == 1
    assert not any(ord(letter) < 32 for letter in str(raised.value))
    assert len(str(raised.value)) < 700


def test_halves_of_characters_become_whole_ones_or_none(server: Server) -> None:
    """The test server cuts after four characters: in the middle of an emoji that is spelt as two escapes."""
    server.say('{"a": "xx\\ud83d\\ude00", "b": "\\ud83d"}', "abc\ud83d\ude00d\ud83d")
    asked, heard = gateway(server), list[str]()
    assert asked.ask(Ask(TALK.messages, {"type": "object"}), heard=heard.append).data == {"a": "xx😀", "b": "?"}
    assert asked.ask(Ask((Message("user", "half \ud83d"),)), heard=heard.append).text == "abc😀d\ufffd"
    assert "".join(heard).isprintable()
    assert server.asked[1].prompt == "half ?"


def test_three_refusals_in_a_row_are_the_end(server: Server) -> None:
    server.say(*[Answer(fault="error_503")] * 5)
    with pytest.raises(Busy, match="asked 3 times"):
        gateway(server).ask(TALK)
    assert len(server.asked) == 3


def test_nobody_at_home_is_unreachable() -> None:
    with Server() as gone:
        pass
    budget = Budget(tokens=10_000)
    with pytest.raises(Unreachable, match="is the server running"):
        gateway(gone, budget=budget).ask(TALK)
    assert budget.spent_tokens == 0


def test_what_was_shown_is_not_shown_twice(server: Server) -> None:
    server.say(Answer("one two three four", "cut_stream"), "one two three four")
    heard: list[str] = []
    with pytest.raises(Unreachable):
        gateway(server).ask(TALK, heard=heard.append)
    assert "".join(heard)
    assert "one two three four".startswith("".join(heard))
    assert len(server.asked) == 1


def test_a_text_without_an_end_is_not_taken_for_a_whole_one(server: Server) -> None:
    server.say(*[Answer("half of it", "cut_cleanly")] * 3)
    with pytest.raises(Unreachable, match="broke off"):
        gateway(server).ask(TALK)


def test_what_is_said_is_heard_while_it_comes(server: Server) -> None:
    server.say("one two three four")
    heard: list[str] = []
    reply = gateway(server).ask(TALK, heard=heard.append)
    assert len(heard) > 3
    assert "".join(heard) == reply.text == "one two three four"


@pytest.mark.parametrize("fault", ["slow_headers", "slow_tokens"])
def test_a_call_can_be_cancelled_at_any_time(server: Server, fault: str) -> None:
    server.say(Answer("one two", fault, seconds=3))
    started = time.monotonic()
    with pytest.raises(Cancelled):
        gateway(server, timeout_seconds=30).ask(TALK, cancelled=lambda: time.monotonic() > started + 0.1)
    while "ask t" in [thread.name for thread in threading.enumerate()]:  # whoever read has gone, and its connection with it
        time.sleep(0.01)
        assert time.monotonic() - started < 2


def test_slow_words_come_to_an_end_although_none_is_too_late(server: Server) -> None:
    server.say(Answer("one two three four five six seven eight nine ten", "slow_tokens", seconds=0.3))
    with pytest.raises(TimedOut, match="whole call"):
        gateway(server, timeout_seconds=0.5).ask(TALK)


def test_endless_text_is_cut_before_it_fills_the_memory(server: Server) -> None:
    server.say(Answer(fault="huge"))
    told: list[int] = []
    with pytest.raises(Unreadable, match=r"more than|goes on past"):
        gateway(server).ask(TALK, heard=lambda piece: told.append(len(piece)))
    assert sum(told) < 4 << 20


@pytest.mark.parametrize(("mode", "found"), [("random", "json_schema"), ("json_object", "json_object"), ("ignores", "prompt"), ("refuses", "prompt")])
def test_the_probe_finds_what_a_server_holds_its_model_to(server: Server, tmp_path: Path, mode: str, found: str) -> None:
    server.reset(mode)
    reply = gateway(server, tmp_path).ask(ASK)
    assert (reply.mode, set(reply.data or {})) == (found, {"op", "why"})
    assert server.asked[0].body.get("response_format", {}).get("type", "prompt") == found
    assert '"enum":["words","keep"]' in server.asked[0].prompt
    again = gateway(server, tmp_path)
    probes = len(server.probes)
    assert again.mode() == found
    assert len(server.probes) == probes


def test_a_probe_that_is_not_sure_is_not_kept(tmp_path: Path) -> None:
    """Busy servers look like those that hold to nothing."""
    from sandbox.gateway.probe import probe

    def busy(ask: Ask, mode: str) -> None:
        raise Busy("busy")

    assert probe(busy) == ("prompt", False)


def test_the_same_question_is_asked_once(server: Server, tmp_path: Path) -> None:
    server.say("one", "two", "three")
    asked = gateway(server, tmp_path)
    first, heard = asked.ask(TALK), list[str]()
    second = gateway(server, tmp_path).ask(TALK, heard=heard.append)
    assert (first.text, first.cached, second.text, second.cached, second.cost, heard) == ("one", False, "one", True, 0.0, ["one"])
    assert asked.ask(Ask(TALK.messages, seed=1)).text == "two"
    assert gateway(server, tmp_path, context_tokens=4096).ask(TALK).cached
    assert len(server.asked) == 2


@pytest.mark.parametrize("fault", ["length", "html", "refusal"])
def test_failures_are_not_kept(server: Server, tmp_path: Path, fault: str) -> None:
    server.say(Answer("no", fault), "yes")
    asked = gateway(server, tmp_path)
    with pytest.raises(Unreadable):
        asked.ask(TALK)
    assert asked.ask(TALK).text == "yes"


@pytest.mark.parametrize("junk", ["", "[]", "{}", '{"text": 5}'])
def test_a_kept_reply_that_cannot_be_read_is_asked_again(server: Server, tmp_path: Path, junk: str) -> None:
    server.say("one", "two")
    asked = gateway(server, tmp_path)
    asked.ask(TALK)
    for path in tmp_path.rglob("*.json"):
        path.write_text(junk)
    assert asked.ask(TALK).text == "two"


def test_a_reply_that_cannot_be_kept_still_arrives(server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("in the way")
    server.say("paid for")
    assert gateway(server, tmp_path / "file").ask(TALK).text == "paid for"
    assert "could not be kept" in caplog.text


def test_a_refused_field_is_left_out_from_then_on(server: Server) -> None:
    server.say(Answer(fault="refuses_seed"), "one", "two")
    asked = gateway(server)
    assert [asked.ask(TALK).text, asked.ask(Ask(TALK.messages, seed=1)).text] == ["one", "two"]
    assert ["seed" in one.body for one in server.asked] == [True, False, False]


def test_many_ask_at_once(server: Server) -> None:
    server.reset("random")
    asked, replies = gateway(server, timeout_seconds=20), list[object]()
    threads = [threading.Thread(target=lambda seed=seed: replies.append(asked.ask(Ask(ASK.messages, SCHEMA, seed=seed)).data)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(replies) == 8
    assert len(server.probes) == 1


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "Fri, 31 Dec 2100 00:00:07 GMT", "date": "Fri, 31 Dec 2100 00:00:00 GMT"}, 7.0),
        ({"retry-after": "Fri, 31 Dec 1999 00:00:00 GMT", "date": "Fri, 31 Dec 1999 00:00:09 GMT"}, 0.0),
        ({"retry-after": "Fri, 31 Dec 2100 00:00:07 GMT"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
        ({}, None),
    ],
)
def test_a_date_to_come_back_is_read_by_the_server_s_own_clock(headers: dict[str, str], seconds: float | None) -> None:
    from sandbox.gateway.received import _after

    assert _after(headers) == seconds
