"""Main text of 822 real pages beside trafilatura and resiliparse, and all text of them beside resiliparse and lxml, in one run:
`python -m benchmarks.extraction PLACE` writes the tables of docs/extraction.md. PLACE is trafilatura's evaluation set as JSON lines (.zst).
"""

import datetime
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa

from tools.rewrites.extract_main_text import ExtractMainText
from tools.rewrites.strip_html import plain

from . import page as pages_of
from .main_text_pages import Marked, pages, score, squeeze

PAGE = Path(__file__).resolve().parents[1] / "docs" / "extraction.md"
Extract = Callable[[str], str]


def ours(**options: object) -> Extract:
    """One row at a time, as the peers are called."""
    operator = ExtractMainText(**options)  # type: ignore[arg-type]

    def extract(html: str) -> str:
        return str(operator.rewrite(pa.record_batch({"text": pa.array([html])}), None)["text"][0])  # type: ignore[arg-type]

    return extract


def peers() -> dict[str, Extract]:
    """Each library's default, and trafilatura as its own evaluation calls it."""
    import trafilatura
    from resiliparse.extract.html2text import extract_plain_text

    return {
        f"trafilatura {version('trafilatura')}": lambda html: trafilatura.extract(html) or "",
        "… without comments": lambda html: trafilatura.extract(html, include_comments=False) or "",
        "… fast, without comments": lambda html: trafilatura.extract(html, include_comments=False, fast=True) or "",
        f"resiliparse {version('Resiliparse')}": lambda html: extract_plain_text(html, main_content=True),
    }


def timed(tools: dict[str, Extract], texts: Sequence[str]) -> tuple[dict[str, list[str]], dict[str, float]]:
    """What each tool makes of each text, and CPU seconds; the tools take turns at every text."""
    found: dict[str, list[str]] = {name: [] for name in tools}
    seconds = dict.fromkeys(tools, 0.0)
    for text in texts:
        for name, extract in tools.items():
            start = time.process_time()
            found[name].append(extract(text))
            seconds[name] += time.process_time() - start
    return found, seconds


def main_text(marked: Sequence[Marked]) -> list[str]:
    """The table of both sets of pages."""
    own = {"winnow": ours(), "… favour: precision": ours(favour="precision"), "… favour: recall": ours(favour="recall")}
    tools = {**own, **peers()}
    for extract in tools.values():
        extract(marked[0].html)  # what is loaded at the first call
    found, seconds = timed(tools, [one.html for one in marked])
    megabytes = sum(len(one.html.encode()) for one in marked) / 1e6
    sets = {"all pages": list(range(len(marked))), "held-out pages": [place for place, one in enumerate(marked) if one.is_held_out]}
    lines = []
    for name, places in sets.items():
        some = [marked[place] for place in places]
        many = sum(bool(one.wanted) for one in some)
        lines += [f"{name.capitalize()} ({many} that name strings):", ""]
        lines += ["| tool | precision | recall | F1 | accuracy | F1, white space as it is | MB/s a core |", "|---|---|---|---|---|---|---|"]
        for tool, texts in found.items():
            shown = [texts[place] for place in places]
            squeezed, raw = score(some, shown, squeezed=True), score(some, shown, squeezed=False)
            figures = (squeezed.precision, squeezed.recall, squeezed.f1, squeezed.accuracy, raw.f1)
            lines.append(f"| {tool} | {' | '.join(f'{figure:.3f}' for figure in figures)} | {megabytes / seconds[tool]:.1f} |")
        lines.append("")
    return lines


def all_text(marked: Sequence[Marked]) -> list[str]:
    """`strip_html` beside what compiled parsers do: how many words are the same, and the speed."""
    import lxml.html
    from resiliparse.extract.html2text import extract_plain_text

    def by_lxml(html: str) -> str:
        root = lxml.html.document_fromstring(html.encode(), parser=lxml.html.HTMLParser(encoding="utf-8", remove_comments=True))
        lxml.etree.strip_elements(root, "script", "style", with_tail=False)
        return str(root.text_content())

    tools: dict[str, Extract] = {
        "strip_html": plain,
        "resiliparse, all text": lambda html: extract_plain_text(html, alt_texts=False, noscript=True, list_bullets=False, form_fields=True),
        "lxml, text_content": by_lxml,
    }
    found, seconds = timed(tools, [one.html for one in marked])
    megabytes = sum(len(one.html.encode()) for one in marked) / 1e6
    lines = ["| tool | share of lxml's words found | words beyond lxml's | MB/s a core |", "|---|---|---|---|"]
    for tool, texts in found.items():
        held = beyond = whole = 0
        for text, reference in zip(texts, found["lxml, text_content"], strict=True):
            said, wanted = Counter(squeeze(text).split()), Counter(squeeze(reference).split())
            held += (said & wanted).total()
            beyond += (said - wanted).total()
            whole += wanted.total()
        lines.append(f"| {tool} | {held / whole:.4f} | {beyond / whole:.4f} | {megabytes / seconds[tool]:.1f} |")
    return [*lines, ""]


def main(place: Path) -> None:
    marked = pages(place)
    today = datetime.date.today().isoformat()
    said = f"Measured on {today} (2 cores, 24 GiB), CPU seconds of one process, the tools in turn on every page."
    tables = {"Main text, measured": main_text(marked), "All text, measured": all_text(marked)}
    text = PAGE.read_text(encoding="utf-8")
    for title, lines in tables.items():
        text = pages_of.replaced(text, title, [said, "", *lines])
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
