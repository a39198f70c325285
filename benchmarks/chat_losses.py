"""What every real chat file loses in every format: `python -m benchmarks.chat_losses` prints the table of docs/chat-formats.md."""

import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from tools.measures.chats import ChatLoss

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
FILES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("llamafactory_demos/alpaca_en_demo", {"made_of": "alpaca"}),
    ("llamafactory_demos/alpaca_zh_demo", {"made_of": "alpaca"}),
    ("llamafactory_demos/dpo_en_demo", {"made_of": "preference", "asked_in": "conversations"}),
    ("llamafactory_demos/dpo_zh_demo", {"made_of": "preference", "asked_in": "conversations"}),
    ("llamafactory_demos/glaive_toolcall_en_demo", {"made_of": "sharegpt"}),
    ("llamafactory_demos/glaive_toolcall_zh_demo", {"made_of": "sharegpt"}),
    ("llamafactory_demos/kto_en_demo", {"made_of": "messages"}),
    ("llamafactory_demos/reason_tool_use_demo_50", {"made_of": "messages"}),
    ("hh_rlhf/harmless_base_test", {"made_of": "preference", "asked_in": "sides"}),
)
TARGETS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("messages", {"into": "messages", "has_calls": True}),
    ("ShareGPT", {"into": "sharegpt"}),
    ("Alpaca, first exchange", {"into": "alpaca"}),
    ("Alpaca, last with history and system", {"into": "alpaca", "turn": "last", "with_system": True}),
    ("prompt and completion, texts", {"into": "prompt_completion"}),
    ("prompt and completion, messages", {"into": "prompt_completion", "form": "messages", "has_calls": True}),
    ("prompt and completion, transcript", {"into": "prompt_completion", "form": "transcript"}),
    ("preference, texts", {"into": "preference"}),
    ("preference, messages", {"into": "preference", "form": "messages"}),
    ("preference, transcript", {"into": "preference", "form": "transcript"}),
    ("preference, ShareGPT", {"into": "preference", "form": "sharegpt"}),
)


def table() -> Iterator[str]:
    """Lines of Markdown: for each file and format, how many rows lose nothing, and how many lose each kind of thing."""
    yield "| file | rows | written as | whole | lose |"
    yield "|---|---:|---|---:|---|"
    for name, source in FILES:
        rows = _rows(DATA / f"{name}.jsonl.zst")
        file = f"{name.rpartition('/')[2]} | {len(rows):,}"
        found = {written: _losses(rows, source, target) for written, target in TARGETS if _can_be(source["made_of"], str(target["into"]))}
        alike: dict[str, list[str]] = {}
        for written, told in found.items():
            alike.setdefault(told, []).append(written)
        for told, names in alike.items():
            yield f"| {file} | {'; '.join(names)} | {told} |"


def _can_be(made_of: str, into: str) -> bool:
    return (into != "preference" or made_of == "preference") and not into == made_of == "alpaca"


def _losses(rows: list[dict[str, Any]], source: dict[str, Any], target: dict[str, Any]) -> str:
    """Rows that lose nothing, and kinds of losses by their rows."""
    operator = ChatLoss(**source, **target)
    batch = pa.record_batch({name: pa.array([row[name] for row in rows]) for name in operator.reads()})
    lost = [str(one).split(", ") for one in operator.measure(batch, None)["lost"].to_pylist()]  # type: ignore[arg-type]
    kinds = Counter(kind for each in lost for kind in each)
    whole = kinds.pop("nothing", 0)
    return f"{whole:,} | {', '.join(f'{kind} {many:,}' for kind, many in kinds.most_common())}"


def _rows(path: Path) -> list[dict[str, Any]]:
    import zstandard

    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
        return [json.loads(line) for line in io.TextIOWrapper(stream, encoding="utf-8")]


if __name__ == "__main__":
    print("\n".join(table()))
