"""The documents on which winnow's decisions are compared with a peer's: real texts of many kinds, the same ones in the same order each time."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import zstandard

from .corpus import DATA

PAGE_CHARACTERS = 60_000  # longer web pages are left out
# name, the columns whose texts are joined, and which rows: every one, every second...
SOURCES: tuple[tuple[str, tuple[str, ...], int], ...] = (
    ("raw_text/community_docs", ("text",), 2),
    ("raw_text/docs_react_en", ("text",), 1),
    ("raw_text/docs_react_zh", ("text",), 2),
    ("raw_text/powershell_docs", ("text",), 1),
    ("raw_text/standards_blockchain", ("text",), 1),
    ("raw_text/standards_python", ("text",), 2),
    ("raw_text/nltk_inaugural", ("text",), 1),
    ("raw_text/nltk_state_union", ("text",), 1),
    ("raw_text/laws_de", ("text",), 20),
    ("raw_text/books_xhtml", ("text",), 8),
    ("docs_near_dup/powershell_reference", ("text",), 10),
    ("topics/movie_reviews", ("text",), 1),
    ("topics/ag_news_test", ("title", "text"), 1),
    ("t0_multitask/t0_templates", ("prompt", "completion"), 3),
    ("science/pubmedqa_labelled", ("QUESTION", "CONTEXTS", "LONG_ANSWER"), 1),
    ("science/scitldr_a_train", ("source",), 1),
    ("science/scitldr_a_dev", ("source",), 1),
    ("alpaca/alpaca", ("instruction", "input", "output"), 2),
    ("dolly/dolly_3k_alpagasus", ("instruction", "input", "output"), 1),
    ("gpteacher/roleplay_simple_deduped", ("instruction", "input", "response"), 1),
    ("gpteacher/toolformer_dedup_labelled", ("instruction", "input", "response"), 3),
    ("codealpaca/new_codealpaca", ("instruction", "input", "response", "output"), 1),
    ("multilingual/xquad_paragraphs", ("para",), 1),
    ("hh_rlhf/harmless_base_test", ("chosen",), 1),
    ("gsm8k/train", ("question", "answer"), 2),
    ("llamafactory_demos/c4_demo", ("text",), 1),
    ("llamafactory_demos/wiki_demo", ("text",), 1),
    ("web_html/trafilatura_eval", ("html",), 1),
)


def documents() -> Iterator[tuple[str, str]]:
    """Identifiers and texts."""
    for name, columns, step in SOURCES:
        for number, row in enumerate(rows(name)):
            if number % step == 0 and (text := joined(row, columns)):
                yield f"{name}:{number}", text


def rows(name: str) -> Iterator[dict[str, Any]]:
    place: Path = DATA / f"{name}.jsonl.zst"
    with place.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
        for line in io.TextIOWrapper(stream, encoding="utf-8"):
            yield json.loads(line)


def joined(row: dict[str, Any], columns: tuple[str, ...]) -> str:
    """The texts of some columns, one below the other; of a web page the text without markup."""
    found = [row.get(column) or "" for column in columns]
    text = "\n".join("\n".join(piece) if isinstance(piece, list) else str(piece) for piece in found if piece)
    if columns != ("html",):
        return text
    return _bare(text) if len(text) <= PAGE_CHARACTERS else ""


def _bare(page: str) -> str:
    import pyarrow as pa

    from tools.rewrites.strip_html import StripHtml

    return str(StripHtml().rewrite(pa.record_batch({"text": pa.array([page])}), None)["text"][0])  # type: ignore[arg-type]
