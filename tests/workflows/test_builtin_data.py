"""The builtin recipes on real rows: what comes out is what their pages promise."""

import re
from collections import Counter
from itertools import combinations
from pathlib import Path

from tests.tools.real_data import rows
from tests.workflows.builtin_rows import LICENCE
from tests.workflows.test_builtin import ran

ROOT = Path(__file__).resolve().parents[2]
C4 = "llamafactory_demos/c4_demo.jsonl.zst"
EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+\.[a-z]{2,}\b")


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"[^\W_]+", text.lower())
    return frozenset(zip(*(words[start:] for start in range(5)), strict=False)) or frozenset([tuple(words)])


def likest(texts: list[str]) -> float:
    """The largest Jaccard similarity of any two."""
    sets = [shingles(text) for text in texts]
    return max(len(one & other) / len(one | other) for one, other in combinations(sets, 2))


def test_web_pages_become_english_prose_without_addresses_and_twins(tmp_path: Path):
    pages = [{"text": row["html"], "url": row["url"]} for row in rows("web_html/trafilatura_eval.jsonl.zst", 40)]
    texts = [{"text": f"{row['text']}\nMail to page{number}@example.org.", "url": ""} for number, row in enumerate(rows(C4, 80))]
    found = ran("web", [*pages, *texts, *texts[:10]], tmp_path)
    out = [str(row["text"]) for row in found.rows]
    assert 70 <= len(out) < len(pages) + len(texts)
    assert not [text for text in out if EMAIL.search(text) or re.search(r"</?(p|div|a|span|script)\b", text) or len(text.split()) < 50]
    assert sum("[EMAIL]" in text for text in out) >= 60
    assert likest(out) < 0.8
    assert found.ended[len(pages) + len(texts) + 1] == "once"


def test_instructions_are_answered_and_asked_once(tmp_path: Path):
    given = rows("alpaca/alpaca.jsonl.zst", 4000)
    found = ran("instructions", [*given, *given[:50]], tmp_path)
    assert 0.97 * len(given) < len(found.rows) < len(given)
    assert not [row for row in found.rows if not row["output"].strip() or re.fullmatch(r"(?i)\W*no ?(in|out)put\W*", row["output"])]
    assert not [row for row in found.rows if re.fullmatch(r"(?i)\W*(no ?input|n/?a)\W*", row["input"])]
    asked = Counter((row["instruction"].lower().strip(), row["input"].lower().strip()) for row in found.rows)
    assert max(asked.values()) == 1
    assert Counter(found.ended[len(given) + number + 1] for number in range(50))["once"] > 45


def test_rows_without_an_input_are_welcome(tmp_path: Path):
    given = [{key: row[key] for key in ("instruction", "output")} for row in rows("alpaca/alpaca.jsonl.zst", 100)]
    assert len(ran("instructions", given, tmp_path).rows) > 50


def test_a_preference_is_there_once_and_one_way_round(tmp_path: Path):
    given = rows("hh_rlhf/harmless_base_test.jsonl.zst", 200)
    turned = [{"chosen": row["rejected"], "rejected": row["chosen"]} for row in given[:20]]
    found = ran("preferences", [*given, *turned, *given[:20], *({"chosen": row["chosen"], "rejected": row["chosen"]} for row in given[:5])], tmp_path)
    assert found.rows == given  # untouched, with no column more
    assert Counter(found.ended.values()) == {None: 200, "once": 40, "different": 5}


def test_conversations_come_out_as_they_went_in(tmp_path: Path):
    given = rows("llamafactory_demos/dpo_en_demo.jsonl.zst")
    found = ran("preference-chats", given, tmp_path)
    assert found.rows == [row for number, row in enumerate(given, 1) if found.ended[number] is None]
    assert Counter(found.ended.values()) == {None: 237, "once": 3}


def test_every_language_stays_and_is_named(tmp_path: Path):
    given = rows("multilingual/xquad_paragraphs.jsonl.zst")[::4]
    found = ran("multilingual", given, tmp_path)
    before, after = (Counter(row["lang"] for row in side) for side in (given, found.rows))
    assert len(before) == 12
    assert all(after[lang] >= 0.9 * before[lang] for lang in before)
    assert all(row["detected_language"] == row["lang"] for row in found.rows)
    chinese = "".join(row["text"] for row in found.rows if row["lang"] == "zh")
    assert chinese.count("，") > 50 > chinese.count(",")


def test_a_licence_header_makes_no_file_another(tmp_path: Path):
    files = [text for path in sorted((ROOT / "tools").rglob("*.py")) if len(text := path.read_text(encoding="utf-8")) > 500]
    given = [*files, *(LICENCE + text for text in files)]
    out = [row["text"] for row in ran("code", [{"text": text} for text in given], tmp_path).rows]
    assert all("[EMAIL]" in text for text in set(out) - set(files))
    assert len(out) > 0.8 * len(files)
    assert likest(out) < 0.7


def test_passages_are_short_and_of_one_version(tmp_path: Path):
    pages = rows("docs_near_dup/powershell_reference.jsonl.zst")
    groups = list(dict.fromkeys(page["group"] for page in pages))[:25]
    given = [page for page in pages if page["group"] in groups]
    found = ran("rag", given, tmp_path)
    texts = [row["text"] for row in found.rows]
    sizes = [len(text.split()) for text in texts]
    assert max(sizes) <= 200
    assert min(sizes) >= 10
    assert not [text for text in texts if re.match(r"---\n\w+:", text)]
    assert likest(texts[:200]) < 0.9
    kept = {(row["group"], row["version"]) for row in found.rows}
    assert len(given) > 100
    assert len(groups) <= len(kept) <= 1.4 * len(groups)
