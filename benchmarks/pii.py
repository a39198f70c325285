"""`python -m benchmarks.pii`: how well and how fast personal data are found; writes the tables of docs/pii.md."""

import argparse
import hashlib
import json
import subprocess
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from tools.pii import FAMILIES, KINDS, kinds_of, spans_of
from tools.rewrites.mask_pii import MaskPii

from . import corpus, page
from .mixture import DATA, stored
from .peers import venvs
from .pii_cases import cases, said

PAGE = Path(__file__).resolve().parents[1] / "docs" / "pii.md"
LABELLED = ("pii/presidio_generated_large", "pii/presidio_synth_v2")
LABELS = {
    "EMAIL_ADDRESS": "email",
    "PHONE_NUMBER": "phone",
    "IP_ADDRESS": "ip",
    "CREDIT_CARD": "card",
    "IBAN_CODE": "iban",
    "US_SSN": "us_ssn",
    "US_DRIVER_LICENSE": "driver_licence",
    "DOMAIN_NAME": "url",
}
ORDINARY = (
    "raw_text/books_xhtml",
    "raw_text/laws_de",
    "raw_text/docs_react_en",
    "raw_text/community_docs",
    "raw_text/powershell_docs",
    "raw_text/standards_python",
    "raw_text/standards_blockchain",
    "logs/loghub_2k",
    "codealpaca/new_codealpaca",
    "gsm8k/train",
    "gsm8k/model_solutions_labelled",
    "science/scitldr_a_train",
    "topics/movie_reviews",
    "multilingual/xquad_paragraphs",
    "alpaca/alpaca",
)
MEGABYTES, PEER_MEGABYTES, MOST_OF_A_FILE = 100, 10, 4e6
SETTINGS = {
    "everything (the default)": KINDS,
    "email, phone": ("email", "phone"),
    "email, ip, card, iban (recipe `web`)": ("email", "ip", "card", "iban"),
    "email, ip": ("email", "ip"),
}
Spans = set[tuple[int, int, str]]


def spans_in(texts: list[str], kinds: Iterable[str]) -> list[Spans]:
    """What is found in each text, by characters."""
    found: list[Spans] = [set() for _ in texts]
    for row, start, stop, kind in spans_of(pa.array(texts, pa.string()), kinds_of(kinds)):
        raw = texts[row].encode()
        found[row].add((len(raw[:start].decode()), len(raw[:stop].decode()), kind))
    return found


def labelled() -> list[str]:
    """Of each type whose form can tell it: exact spans, on the half of the templates that rules were made on and on the other."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for name in LABELLED:
        rows: list[dict[str, Any]] = list(stored(DATA / f"{name}.jsonl.zst"))
        for row, found in zip(rows, spans_in([row["full_text"] for row in rows], FAMILIES), strict=True):
            wanted = {
                (one["start_position"], one["end_position"], LABELS[one["entity_type"]]) for one in row["spans"] if one["entity_type"] in LABELS
            }
            half = "one half" if hashlib.sha256(str(row["template_id"]).encode()).digest()[0] % 2 == 0 else "the other"
            for kind in LABELS.values():
                one, other = {span for span in wanted if span[2] == kind}, {span for span in found if span[2] == kind}
                counts[kind, half].update(right=len(one & other), found=len(other), wanted=len(one))
    lines = [
        "| type | spans | precision | recall | one half of the templates: spans, P, R | the other half: spans, P, R |",
        "|---|---|---|---|---|---|",
    ]
    for kind in LABELS.values():
        both = counts[kind, "one half"] + counts[kind, "the other"]
        halves = " | ".join(_shown(counts[kind, half]) for half in ("one half", "the other"))
        lines.append(f"| `{kind}` | {both['wanted']} | {_share(both, 'found')} | {_share(both, 'wanted')} | {halves} |")
    return lines


def made_up() -> list[str]:
    """Of texts whose values are made by rule, among lookalikes."""
    texts = [*cases(4000, seed=101), *said(1000, seed=102)]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for case, found in zip(texts, spans_in([case.text for case in texts], KINDS), strict=True):
        for kind in {span[2] for span in (*case.spans, *found)}:
            one, other = {span for span in case.spans if span[2] == kind}, {span for span in found if span[2] == kind}
            counts[kind].update(right=len(one & other), found=len(other), wanted=len(one))
    lines = ["| type | spans | precision | recall |", "|---|---|---|---|"]
    return lines + [f"| `{kind}` | {one['wanted']} | {_share(one, 'found')} | {_share(one, 'wanted')} |" for kind, one in sorted(counts.items())]


def ordinary() -> list[str]:
    """How much is masked in text of many sorts."""
    lines = ["| text | MB | spans per MB, by type |", "|---|---|---|"]
    for name in ORDINARY:
        texts, size = list[str](), 0
        for row in stored(DATA / f"{name}.jsonl.zst"):
            texts.append("\n".join(_strings(row)))
            size += len(texts[-1].encode())
            if size > MOST_OF_A_FILE:
                break
        kinds = Counter(kind for _, _, _, kind in spans_of(pa.array(texts, pa.string()), kinds_of(KINDS)))
        shown = ", ".join(f"{kind} {count / size * 1e6:.1f}" for kind, count in kinds.most_common()) or "none"
        lines.append(f"| {name} | {size / 1e6:.1f} | {shown} |")
    return lines


def speed() -> list[str]:
    """CPU seconds of one process; peers take e-mail and IP addresses out of the same texts."""
    with tempfile.TemporaryDirectory() as folder:
        corpus.write(Path(folder) / "mixture.jsonl", MEGABYTES)
        mixture = [json.loads(line)["text"] for line in (Path(folder) / "mixture.jsonl").read_text(encoding="utf-8").split("\n") if line]
        dense = [row["full_text"] for name in LABELLED for row in stored(DATA / f"{name}.jsonl.zst")] * 2
        made = [case.text for case in cases(5_000, seed=103)]
        named = {"100 MB of mixed documents": mixture, "labelled sentences": dense, "made-up texts, three values each": made}
        lines = [f"| MB/s of one core | {' | '.join(named)} |", f"|---|{'---|' * len(named)}"]
        for title, types in SETTINGS.items():
            lines.append(f"| `mask_pii`, {title} | {' | '.join(_pace(texts, types) for texts in named.values())} |")
        for peer in ("datatrove", "py-data-juicer"):
            lines.append(
                f"| {peer} {venvs.version(peer)}, e-mail and IP | {' | '.join(_peer(peer, texts, Path(folder)) for texts in named.values())} |"
            )
    return lines


def _pace(texts: list[str], types: tuple[Any, ...]) -> str:
    array, operator = pa.array(texts, pa.string()), MaskPii(types=types)
    size, best = sum(len(text.encode()) for text in texts), float("inf")
    for _ in range(3):
        started = time.process_time()
        for batch in pa.table({"text": array}).to_batches(max_chunksize=max(1, round(len(texts) * 8e6 / size))):
            operator.rewrite(batch, None)  # type: ignore[arg-type]
        best = min(best, time.process_time() - started)
    return f"{size / 1e6 / best:.0f}"


def _peer(name: str, texts: list[str], folder: Path) -> str:
    part, size = list[str](), 0
    for text in texts:
        part.append(text)
        size += len(text.encode())
        if size > PEER_MEGABYTES * 1e6:
            break
    path = folder / "part.jsonl"
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in part), encoding="utf-8")
    script = Path(__file__).with_name("pii_peer.py")
    try:
        done = subprocess.run([venvs.python(name), script, name, path], capture_output=True, text=True, check=True)
    except (venvs.NotInstalled, subprocess.CalledProcessError) as error:
        return f"failed: {type(error).__name__}"
    return f"{size / 1e6 / json.loads(done.stdout.splitlines()[-1])['seconds']:.1f}"


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _strings(one)


def _share(counts: Counter[str], of: str) -> str:
    return f"{counts['right'] / counts[of]:.3f}" if counts[of] else "-"


def _shown(counts: Counter[str]) -> str:
    return f"{counts['wanted']}, {_share(counts, 'found')}, {_share(counts, 'wanted')}" if counts["wanted"] else "none"


SECTIONS = {"Labelled sentences": labelled, "Made-up texts": made_up, "Ordinary text": ordinary, "Speed": speed}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sections", nargs="*", help=f"of {', '.join(SECTIONS)}; all by default")
    for title in parser.parse_args().sections or SECTIONS:
        body = SECTIONS[title]()
        text = PAGE.read_text(encoding="utf-8")
        before = [line for line in page.sections(text).get(title, "").split("\n") if not line.startswith("|")]
        PAGE.write_text(page.replaced(text, title, ["\n".join(before).strip(), "", *body]), encoding="utf-8")
        print("\n".join(body))


if __name__ == "__main__":
    main()
