"""The budget is a hard stop: never gone over, whatever goes wrong and however many ask."""

import random
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from sandbox.gateway import Ask, Budget, Endpoint, Gateway, GatewayError, Message
from sandbox.gateway.budget import Price, most_tokens_of, tokens_of
from sandbox.gateway.errors import Spent
from sandbox.gateway.trying import Patience
from tests.endpoint.answers import MIXED, Answer
from tests.endpoint.server import Server
from tests.endpoint.wire import tokens

SCHEMA = MappingProxyType({"type": "object", "properties": {"op": {"enum": ["words", "keep"]}, "why": {"type": "string"}}, "required": ["op", "why"]})
SHARE = 0.3


@dataclass
class Tally:
    """How a mix of faults went."""

    answered: int = 0
    failed: dict[str, int] = field(default_factory=dict)

    def count(self, error: GatewayError) -> None:
        self.failed[type(error).__name__] = self.failed.get(type(error).__name__, 0) + 1


def drill(server: Server, calls: int, budget: Budget, *, seed: int, slow: float = 1.0) -> Tally:
    """Ask so many different questions of a server that goes wrong in three of ten answers."""
    server.reset("random", faults=SHARE, seed=seed)
    server.slow = slow
    endpoint = Endpoint(alias="t", url=server.url, model="any", timeout_seconds=slow / 2, price_in=1, price_out=2)
    asked = Gateway(endpoint, budget=budget, patience=Patience(first_wait=0.001, silences=40))
    tally = Tally()
    for number in range(calls):
        try:
            reply = asked.ask(Ask((Message("user", f"question {number}"),), SCHEMA, most_tokens=200))
            assert reply.data is not None
            tally.answered += 1
        except GatewayError as error:
            tally.count(error)
    return tally


def test_a_mix_of_faults_stays_within_budget_and_asks_little_more_than_once(server: Server) -> None:
    """R6, a sample: the drill asks ten thousand times."""
    budget = Budget(tokens=10_000_000)
    tally = drill(server, 100, budget, seed=5)
    assert len(server.asked) <= 150
    assert tally.answered >= 70
    assert tally.answered + sum(tally.failed.values()) == 100
    assert {asked.fault for asked in server.asked} - {None} <= set(MIXED)
    assert len({asked.fault for asked in server.asked}) > 10


def test_at_the_end_of_the_budget_nothing_more_is_asked(server: Server) -> None:
    budget = Budget(tokens=6_000, money=0.008)
    tally = drill(server, 60, budget, seed=6)
    asked = len(server.asked)
    assert tally.failed["Spent"] > 5
    assert budget.spent_tokens <= 6_000
    assert budget.spent_money <= 0.008
    assert budget.spent_tokens > 4_000
    with pytest.raises(Spent, match="left"):
        Gateway(Endpoint(alias="t", url=server.url, model="any"), budget=budget).ask(Ask((Message("user", "more" * 1000),)))
    assert len(server.asked) == asked


@settings(max_examples=50)
@given(
    some.lists(some.tuples(some.integers(1, 90), some.integers(1, 90), some.floats(0, 1)), max_size=40),
    some.integers(1, 400),
    some.floats(0, 1e-3),
)
def test_what_is_settled_within_what_was_reserved_never_adds_up_to_more(calls: list[tuple[int, int, float]], tokens: int, money: float) -> None:
    budget, open_ = Budget(tokens, money), []
    for into, out, share in calls:
        with suppress(Spent):
            open_.append((budget.reserve(into, out, Price(1, 3)), int(into * share), int(out * share)))
        if share < 0.5 and open_:
            held, used_in, used_out = open_.pop(0)
            budget.settle(held, used_in, used_out)
        assert budget.spent_tokens <= tokens
        assert budget.spent_money <= money + 1e-12


def test_threads_cannot_go_over_it_together() -> None:
    budget = Budget(tokens=1000)

    def take() -> None:
        for _ in range(50):
            try:
                budget.settle(budget.reserve(7, 13), random.randint(0, 7), 13)
            except Spent:
                return

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 960 < budget.spent_tokens <= 1000


@pytest.mark.parametrize("text", ["plain words", "日本語の文章", "a\nb\tc", "😀" * 50, ""])
def test_the_worst_case_is_worse_than_any_tokenizer(text: str) -> None:
    messages = (Message("user", text),)
    assert len(text.encode()) <= most_tokens_of(messages)
    assert tokens_of(messages) <= most_tokens_of(messages)


@pytest.mark.parametrize("fault", ["slow_headers", "cut_stream", "reset_midway", "html", "busy"])
def test_what_failed_is_counted_too(server: Server, fault: str) -> None:
    server.say(*[Answer("one two three", fault, seconds=1)] * 3)
    budget = Budget()
    asked = Gateway(
        Endpoint(alias="t", url=server.url, model="any", timeout_seconds=0.5), budget=budget, patience=Patience(first_wait=0.001, silences=9)
    )
    with pytest.raises(GatewayError):
        asked.ask(Ask((Message("user", "question"),), most_tokens=64))
    assert budget.spent_tokens >= len(server.asked) * tokens_of([Message("user", "question")])
    assert budget.estimated_calls == budget.calls == len(server.asked)


def test_the_server_s_own_count_goes_before_ours(server: Server) -> None:
    server.say("one two three four")
    budget = Budget()
    reply = Gateway(Endpoint(alias="t", url=server.url, model="any", price_in=1, price_out=10), budget=budget).ask(
        Ask((Message("user", "question"),))
    )
    assert (reply.tokens_in, reply.tokens_out) == (len(tokens("question")) + 5, len(tokens("one two three four")))
    assert reply.cost == budget.spent_money == pytest.approx((reply.tokens_in + 10 * reply.tokens_out) / 1e6)
    assert (budget.calls, budget.estimated_calls, reply.estimated) == (1, 0, False)


def test_a_server_without_counts_is_estimated_and_said_to_be(server: Server) -> None:
    server.say(Answer("one two three four", "no_usage"))
    budget = Budget()
    reply = Gateway(Endpoint(alias="t", url=server.url, model="any"), budget=budget).ask(Ask((Message("user", "question"),)))
    assert reply.estimated
    assert budget.estimated_calls == 1
    assert budget.spent_tokens == reply.tokens_in + reply.tokens_out > 0


def test_a_server_that_reports_nothing_at_all_is_estimated(server: Server) -> None:
    """No prompt has no tokens: who reports none would never use the budget up."""
    from sandbox.gateway.received import _counted

    assert _counted({"prompt_tokens": 0, "completion_tokens": 0}) == (None, None)
    assert _counted({"prompt_tokens": "12", "completion_tokens": True}) == (None, None)
    assert _counted({"prompt_tokens": 12, "completion_tokens": 0}) == (12, 0)


def test_nobody_goes_on_past_what_was_allowed(server: Server) -> None:
    server.say(Answer("word " * 400, "ignores_limit"))
    budget = Budget()
    with pytest.raises(GatewayError, match="goes on past"):
        Gateway(Endpoint(alias="t", url=server.url, model="any"), budget=budget).ask(Ask((Message("user", "question"),), most_tokens=32))
    assert budget.spent_tokens < 32 + 100
