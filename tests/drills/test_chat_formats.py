"""All chat files at hand, in full: the losses that the page tells, and what comes back byte for byte."""

from pathlib import Path

import pyarrow as pa
import pytest

from benchmarks import chat_losses
from tests.tools.real_data import place, rows
from tools.contract import Rewrite
from tools.rewrites.to_pairs import ToPreference
from tools.rewrites.to_turns import ToMessages, ToShareGPT

PAGE = Path(__file__).resolve().parents[2] / "docs" / "chat-formats.md"


def rewritten(operator: Rewrite, columns: dict[str, list[object]]) -> dict[str, pa.Array]:
    return dict(operator.rewrite(pa.record_batch({name: pa.array(values) for name, values in columns.items()}), None))


@pytest.mark.slow
def test_the_page_tells_the_losses_of_every_file() -> None:
    place("llamafactory_demos")
    assert "\n".join(chat_losses.table()) in PAGE.read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(("language", "count"), [("en", 243), ("zh", 242)])
def test_tool_conversations_come_back_byte_for_byte(language: str, count: int) -> None:
    data = rows(f"llamafactory_demos/glaive_toolcall_{language}_demo.jsonl.zst")
    given = {name: [row[name] for row in data] for name in ("conversations", "tools")}
    there = rewritten(ToMessages(made_of="sharegpt", has_calls=True, has_tools=True), given)
    batch = pa.record_batch(there)
    back = ToShareGPT(made_of="messages", has_tools=True).rewrite(batch, None)
    assert {name: column.to_pylist() for name, column in back.items()} == given
    assert len(data) == count


@pytest.mark.slow
def test_dialogues_come_back_byte_for_byte() -> None:
    data = rows("hh_rlhf/harmless_base_test.jsonl.zst")
    given = {name: [row[name] for row in data] for name in ("chosen", "rejected")}
    made = {name: column.to_pylist() for name, column in rewritten(ToPreference(asked_in="sides", form="transcript"), given).items()}
    for side, texts in given.items():
        assert [asked + answer for asked, answer in zip(made["prompt"], made[side], strict=True)] == texts
    assert len(data) == 1870
