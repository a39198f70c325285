"""Rows written by a model: asked once for each prompt, kept, and booked as born."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import pyarrow as pa

from tools.contract import Card, Columns, Synthesize
from tools.errors import RowError
from tools.formats.jsonl import Jsonl, WriteJsonl
from tools.storage import File
from workflows.engine import Result, execute
from workflows.graph import Edge, Graph, Input, Node, Output

TEXTS = ["alpha", "beta", "no answer", "alpha", "bad"]


class AskBack(Synthesize):
    """Ask a model for a question whose answer is the text."""

    model: str = "small"

    card: ClassVar[Card] = Card(
        stage="synthesize", reads={"text": pa.string()}, adds={"question": pa.string()}, models=("model",), aliases=("ask back",), examples=()
    )

    def prompts(self, batch: pa.RecordBatch) -> pa.Array:
        return pa.array([f"Ask for: {text}" for text in batch["text"].to_pylist()])

    def read(self, batch: pa.RecordBatch, replies: pa.Array) -> tuple[Columns, pa.Array]:
        found = [(at, reply) for at, reply in enumerate(replies.to_pylist()) if reply is not None]
        for at, reply in found:
            if not reply.endswith("?"):
                raise RowError(at, f"the reply {reply!r} is no question")
        return {"question": pa.array([reply for _, reply in found], pa.string())}, pa.array([[at] for at, _ in found], pa.list_(pa.int32()))


class Parrot:
    """A model that counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def generate(self, prompts: pa.Array) -> pa.Array:
        self.asked += prompts.to_pylist()
        return pa.array([None if "no answer" in p else "nonsense" if "bad" in p else f"What is {p[9:]}?" for p in prompts.to_pylist()], pa.string())

    def embed(self, texts: pa.Array) -> pa.Array:
        raise AssertionError

    def score(self, texts: pa.Array, labels: Sequence[str]) -> pa.Array:
        raise AssertionError

    def nll(self, texts: pa.Array) -> pa.Array:
        raise AssertionError

    def classify(self, texts: pa.Array) -> pa.Array:
        raise AssertionError


def run(folder: Path, model: Parrot, run: str) -> Result:
    source = Jsonl()
    files = (File(path=str(folder / "in.jsonl"), inside="in.jsonl"),)
    schema = pa.schema([("text", pa.string())])
    node = Node(
        id="asked",
        op="ask_back",
        operator=AskBack(),
        rows=(Edge(step="given"),),
        on={"text": ("text",)},
        schema=schema.append(pa.field("question", pa.string())),
    )
    graph = Graph(
        name="ask",
        seed=0,
        inputs=(Input(name="given", operator=source, files=files, schema=schema, first_file=0),),
        nodes=(node,),
        outputs=(Output(name="out", rows=(Edge(step="asked"),), path=str(folder / "out.jsonl"), sink=WriteJsonl(), schema=node.schema),),
    )
    return execute(graph, folder / run, folder / "cache", overwrite=True, models={"small": model})


def test_replies_become_rows_and_are_never_paid_twice(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("".join(f'{{"text": "{text}"}}\n' for text in TEXTS))
    model = Parrot()
    result = run(tmp_path, model, "first")
    assert len(model.asked) == 4, "equal prompts are asked once"
    assert result.states == {"expanded": 3, "dropped": 1, "quarantined": 1}
    assert result.born == 3
    assert (tmp_path / "out.jsonl").read_text().count("What is alpha?") == 2
    (tmp_path / "in.jsonl").write_text("".join(f'{{"text": "{text}"}}\n' for text in [*TEXTS, "gamma"]))
    again = run(tmp_path, model, "second")
    assert again.born == 4
    assert model.asked.count("Ask for: gamma") == 1
    assert model.asked.count("Ask for: alpha") == 1, "what was answered once is kept"
