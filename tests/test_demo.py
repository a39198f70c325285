"""What `make demo` promises: one sentence, no network, no model, and the sample comes out visibly better."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import zstandard

ROOT = Path(__file__).resolve().parents[1]
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[A-Za-z]{2,}")
TAG = re.compile(r"</?(?:html|head|body|section|p|i|b|em|abbr|a|h\d|title|link|span|blockquote)\b[^<>]*>")
ALIKE = 0.9  # Jaccard similarity of five-word runs


@dataclass(frozen=True)
class Demo:
    answer: dict[str, Any]
    given: dict[int, str]
    rows: list[dict[str, Any]]
    junk: dict[str, set[int]]
    versions: list[list[int]]

    @property
    def kept(self) -> set[int]:
        return {row["id"] for row in self.rows}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo")
    crawl = ROOT / "examples" / "crawl.jsonl.zst"
    (goal,) = re.findall(r"^GOAL := (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    done = winnow("prepare", goal, "--input", str(crawl), "--output", "clean.jsonl", "--yes", "--json", folder=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    truth = json.loads((ROOT / "examples" / "crawl.truth.json").read_text(encoding="utf-8"))
    return Demo(
        answer=json.loads(done.stdout.splitlines()[-1]),
        given=dict(readable(zstandard.ZstdDecompressor().decompress(crawl.read_bytes()))),
        rows=[json.loads(line) for line in (folder / "clean.jsonl").read_text(encoding="utf-8").splitlines()],
        junk={kind: set(rows) for kind, rows in truth["junk"].items()},
        versions=truth["versions"],
    )


def winnow(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command line in a folder with a store and a state of its own, and with a network that leads nowhere."""
    own = {"WINNOW_HOME": str(folder / ".winnow"), "XDG_STATE_HOME": str(folder / "state"), "PYTHONPATH": str(ROOT)}
    shut = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9")
    command = [sys.executable, "-m", "winnow", *arguments]
    return subprocess.run(command, cwd=folder, env=os.environ | own | shut, capture_output=True, text=True, timeout=120, check=False)


def readable(lines: bytes) -> Iterator[tuple[int, str]]:
    for line in lines.splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        yield row["id"], row["text"] or ""


def alike(one: str, other: str) -> float:
    left, right = ({tuple(words[at : at + 5]) for at in range(len(words) - 4)} for words in (one.split(), other.split()))
    return len(left & right) / max(1, len(left | right))


def test_the_whole_goal_is_understood(demo: Demo) -> None:
    assert demo.answer["status"] == "done"
    assert not demo.answer["unclear"]


def test_every_row_is_accounted_for(demo: Demo) -> None:
    states = demo.answer["states"]
    assert sum(states.values()) == demo.answer["rows_in"] == len(demo.given) + 4
    assert states["quarantined"] == 4
    assert states["kept"] == demo.answer["rows_out"] == len(demo.rows)


def test_no_markup_is_left(demo: Demo) -> None:
    assert not [row["id"] for row in demo.rows if TAG.search(row["text"])]


def test_no_address_is_left(demo: Demo) -> None:
    assert not [row["id"] for row in demo.rows if EMAIL.search(row["text"])]
    assert [row["id"] for row in demo.rows if row["id"] in demo.junk["email"]]


def test_only_english_is_left(demo: Demo) -> None:
    assert not demo.kept & demo.junk["not_english"]


def test_nothing_short_or_empty_is_left(demo: Demo) -> None:
    assert not demo.kept & (demo.junk["short"] | demo.junk["empty"])
    assert min(len(row["text"].split()) for row in demo.rows) >= 50


def test_no_text_comes_twice(demo: Demo) -> None:
    assert max(Counter(row["text"] for row in demo.rows).values()) == 1


def test_few_near_duplicates_are_left(demo: Demo) -> None:
    def pairs(family: list[int]) -> int:
        return sum(alike(demo.given[one], demo.given[other]) >= ALIKE for at, one in enumerate(family) for other in family[at + 1 :])

    before = sum(pairs(family) for family in demo.versions)
    after = sum(pairs([row for row in family if row in demo.kept]) for family in demo.versions)
    assert after < 0.02 * before


def test_every_family_of_versions_keeps_a_page(demo: Demo) -> None:
    long = [family for family in demo.versions if any(len(demo.given[row].split()) >= 100 for row in family)]
    lost = [family for family in long if not demo.kept & set(family)]
    assert len(lost) < 0.05 * len(long)


def test_good_pages_stay(demo: Demo) -> None:
    versions = {row for family in demo.versions for row in family}
    junk = demo.junk["copies"] | demo.junk["not_english"] | demo.junk["contact"] | demo.junk["email"] | versions
    copied = {text for text, count in Counter(demo.given.values()).items() if count > 1}
    good = {row for row, text in demo.given.items() if row not in junk and len(re.sub("<[^>]+>", " ", text).split()) >= 60 and text not in copied}
    assert len(good & demo.kept) > 0.95 * len(good)


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "examples").glob("*.yaml")))
def test_every_example_recipe_runs(name: str, tmp_path: Path) -> None:
    for file in (name, "crawl.jsonl.zst"):
        shutil.copy(ROOT / "examples" / file, tmp_path)
    done = winnow("run", name, "--yes", "--json", folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    answer = json.loads(done.stdout.splitlines()[-1])
    assert answer["rows_in"] == sum(answer["states"].values())
    assert all(output["rows"] and Path(output["path"]).stat().st_size for output in answer["outputs"])
