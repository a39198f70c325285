"""Models that are asked, at length: ten thousand questions of a server that goes wrong, and a real server that ignores schemas."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from sandbox.gateway import Ask, Budget, Endpoint, Gateway, GatewayError, Message
from sandbox.gateway.errors import Busy, Cancelled, Rejected, Spent
from sandbox.gateway.probe import SCHEMA
from sandbox.gateway.trying import Patience
from tests.endpoint.server import Server
from tests.endpoint.tiny import make
from tests.sandbox.test_gateway_budget import drill

pytestmark = pytest.mark.slow
CALLS = 10_000
STARTS_WITHIN = 120
# Without the package accelerate it cannot be told where to put the weights; left alone it puts them on the processor, which is meant.
SERVE = """
import transformers.modeling_utils as modeling
from transformers.cli.transformers import main
modeling.check_and_set_device_map = lambda device_map: None
main()
"""


def test_ten_thousand_questions_at_three_faults_in_ten(server: Server) -> None:
    """R6: at most 1.5 times as many calls, never over the budget, no fault that is not an answer or an error of ours."""
    budget = Budget(tokens=100_000_000, money=200.0)
    tally = drill(server, CALLS, budget, seed=11)
    assert len(server.asked) <= 1.5 * CALLS
    assert tally.answered + sum(tally.failed.values()) == CALLS
    assert tally.answered > 0.75 * CALLS
    assert set(tally.failed) <= {"Busy", "Unreachable", "TimedOut", "Unreadable"}
    assert budget.calls == len(server.asked) + len(server.probes)


def test_a_budget_for_half_of_them_ends_half_way(server: Server) -> None:
    tokens = 120_000
    budget = Budget(tokens=tokens)
    tally = drill(server, 2_000, budget, seed=12)
    assert tally.failed["Spent"] > 500
    assert tokens * 0.98 < budget.spent_tokens <= tokens


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def served(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """`transformers serve` with a tiny model."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path_factory.mktemp("home"))}
    command = [sys.executable, "-c", SERVE, "serve", "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/health")
        yield Endpoint(alias="served", url=f"http://127.0.0.1:{port}/v1", model=str(folder), timeout_seconds=60)
    finally:
        process.terminate()
        process.wait(30)


def _wait(url: str) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        try:
            with urlopen(url, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.5)
    pytest.fail("transformers serve does not start")


def asked(endpoint: Endpoint, budget: Budget | None = None) -> Gateway:
    return Gateway(endpoint, budget=budget or Budget(), patience=Patience(first_wait=0.01))


def test_a_real_server_that_ignores_schemas_is_found_out(served: Endpoint) -> None:
    """It answers 200 and writes into its own log that it ignores response_format."""
    assert asked(served).mode() == "prompt"


def test_what_a_real_server_says_is_heard_and_counted(served: Endpoint) -> None:
    budget, heard = Budget(), list[str]()
    ask = Ask((Message("user", "banana"),), most_tokens=16, temperature=1.0)
    with pytest.raises(GatewayError, match="cut at the limit of 16 tokens"):  # random weights do not come to an end
        asked(served, budget).ask(ask, heard=heard.append)
    assert "".join(heard)
    assert (budget.calls, budget.estimated_calls) == (1, 0)
    assert 16 < budget.spent_tokens < 100


def test_nonsense_from_a_real_server_is_an_error_of_ours(served: Endpoint) -> None:
    gateway = asked(served)
    for seed in range(5):
        with pytest.raises(GatewayError):
            gateway.ask(Ask((Message("user", "banana"),), SCHEMA, most_tokens=32, temperature=1.0, seed=seed))


def test_a_model_that_a_real_server_has_not_is_an_error_of_ours(served: Endpoint) -> None:
    with pytest.raises((Rejected, Busy), match="served"):
        asked(served.model_copy(update={"model": "/no/such/model"})).ask(Ask((Message("user", "banana"),)))


def test_a_real_server_can_be_left_in_the_middle(served: Endpoint) -> None:
    heard: list[str] = []
    started = time.monotonic()
    with pytest.raises(Cancelled):
        asked(served).ask(Ask((Message("user", "x"),), most_tokens=2048, temperature=1.0), heard=heard.append, cancelled=lambda: len(heard) > 3)
    assert time.monotonic() - started < 30


def test_a_real_server_is_not_asked_beyond_the_budget(served: Endpoint) -> None:
    with pytest.raises(Spent):
        asked(served, Budget(tokens=100)).ask(Ask((Message("user", "banana"),), most_tokens=90))
