"""Take the bibliography out of a text, and the marks that point into it."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import Card, Columns, Desk, Example, Rewrite

from .rows import changed

_NAMES = """
    references|bibliography|works cited|literature cited|references cited|cited literature|notes and references|references and notes|citations|
    footnotes and references|literatur|literaturverzeichnis|quellen|quellenverzeichnis|einzelnachweise|références|références bibliographiques|
    bibliographie|referencias|referencias bibliográficas|bibliografía|referências|bibliografia|riferimenti bibliografici|referenties|referenser|
    källor|литература|список литературы|примечания|参考文献|引用文献|参考资料|參考文獻"""
NAMES = "|".join(re.escape(name.strip()).replace(r"\ ", r"\s+") for name in _NAMES.split("|"))
HEADING = re.compile(
    rf"""^[ \t]*(?:
        (?P<hash>\#{{1,6}})[ \t]*(?:\d+\.?[ \t]+)?(?:\*\*|__)?(?:{NAMES})(?:\*\*|__)?[ \t]*:?[ \t]*\#*
      | (?P<wiki>={{2,6}})[ \t]*(?:{NAMES})[ \t]*={{2,6}}
      | (?P<latex>\\(?:section|chapter|subsection)\*?\{{(?:{NAMES})\}})
      | (?P<plain>(?:\*\*|__)?(?:(?:\d{{1,2}}|[IVX]{{1,5}})\.?[ \t]+)?(?:{NAMES})[ \t]*:?(?:\*\*|__)?)
    )[ \t]*\r?$""",
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
UNDERLINE = re.compile(r"\r?\n[ \t]*([=\-~^\"'*+#.`])\1{2,}[ \t]*(?=\r?\n|\Z)")
LIST = re.compile(r"\\begin\{thebibliography\}")
LIST_END = re.compile(r"\\end\{thebibliography\}")
FILES = re.compile(r"^[ \t]*\\bibliography(?:style)?\{[^{}\n]*\}[ \t]*(?:\r?\n|\Z)|^[ \t]*\\printbibliography[^\n]*(?:\n|\Z)", re.MULTILINE)
NEXT_PLAIN = re.compile(
    r"^[ \t]*(?:\d{1,2}\.?[ \t]+|[A-Z]\.?[ \t]+)?(?:appendix|appendices|supplement\w*|acknowledge?ments?|about the authors?|author contributions|"
    r"anhang|annexes?|figures?|tables?|copyright)\b[^\n]{0,60}\r?$",
    re.IGNORECASE | re.MULTILINE,
)
ENTRY = re.compile(
    r"^[ \t]*(?:\[[\w+:-]{1,20}\]|\d{1,3}[.)]|[-*•]|\.\. \[|\\bibitem)|\b(?:1[89]|20)\d\d[a-z]?\b|\bdoi\b|https?://|\bpp?\.\s*\d|\bet al\b"
)
LOOKED_AT, ENTRIES = 12, 0.5  # lines below a bare heading; the share of them that must look like entries
REACH = 3000  # characters in which these lines stand
MARK = r"\d{1,3}(?:[ \t]*[,;–—-][ \t]*\d{1,3})*"
NOT_BEFORE = r"(?![\](\[:]|[ \t]*[=+*/<>]|\.\w)"  # an index into an array goes on otherwise than a sentence
NUMBERED = re.compile(rf"(?:[ \t]?(?<![\w\])])|(?<=[a-zà-ÿ]{{3}})|(?<=[.,;\"”’)]))\[{MARK}\](?:,?[ \t]?\[{MARK}\])*{NOT_BEFORE}")
AUTHOR = r"[A-ZÀ-Ý][\w'’-]+(?:(?:,? (?:and|&|und|et|y) |, )[A-ZÀ-Ý][\w'’-]+)*(?: et al\.?)?"
NAMED = re.compile(
    rf"[ \t]?\((?:(?:see|e\.g\.,?|cf\.) )?{AUTHOR},? (?:1[89]|20)\d\d[a-z]?(?:, pp?\. ?\d+(?:[–-]\d+)?)?(?:; ?{AUTHOR},? (?:1[89]|20)\d\d[a-z]?)*\)"
)
COMMANDS = re.compile(r"[ \t~]*\\(?:no)?[a-z]*cite[a-z]*\*?(?:\[[^\[\]\n]*\])*\{[^{}]*\}")


class RemoveReferences(Rewrite):
    """Take out the bibliography of a paper or page: from its heading to the next section, or to the end of the text.

    Headings are known in thirteen languages, as Markdown, wiki text, LaTeX, underlined, numbered or bare. Below a bare one at least half of the first
    lines must look like entries, so that a chapter called References stays. `citations` also takes out `[12]`, `[3, 5–7]`,
    `(Smith et al., 2019)` and `\\cite{…}`.
    """

    citations: bool = Field(default=False, description="Also take out the marks in the text that point into the bibliography.")

    card: ClassVar[Card] = Card(
        stage="normalise",
        reads={"text": pa.string()},
        adds={"text": pa.string()},
        exact=True,
        micros_per_row=35.0,
        aliases=(
            "remove bibliography",
            "drop the references section",
            "strip reference list",
            "works cited",
            "remove citations",
            "literature list",
            "references at the end of papers",
        ),
        not_for=("footnotes of markdown: use remove_markup", "links and urls: use replace"),
        examples=(
            Example(
                given={
                    "text": [
                        "We did it.\n\n## References\n\n- A. Author. Title. 2001.\n\n## Appendix\n\nMore.",
                        "It works.\n\nReferences\n[1] Ann Author. A paper. 2001.\n[2] Bob Writer. Another. 2002.",
                        "References\nare pointers that cannot be null.\nThey must be bound when they are made.",
                    ]
                },
                gives={
                    "text": [
                        "We did it.\n\n## Appendix\n\nMore.",
                        "It works.",
                        "References\nare pointers that cannot be null.\nThey must be bound when they are made.",
                    ]
                },
            ),
            Example(
                params={"citations": True},
                given={"text": ["As shown [1, 3–5], it rains (Smith et al., 2019).", "x[1] = y[2]"]},
                gives={"text": ["As shown, it rains.", "x[1] = y[2]"]},
            ),
        ),
    )

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        texts = batch["text"]
        signs = rf"(?i)(?:{NAMES})|bibliography" + (r"|\[\d|\((?:see |e\.g\.,? |cf\. )?\pL[^()\n]*\d{4}|\\[a-z]*cite" if self.citations else "")
        return {"text": changed(texts, pc.match_substring_regex(texts, signs), lambda text: without(text, citations=self.citations))}


def without(text: str, *, citations: bool) -> str:
    """The text without its bibliographies."""
    found, at = [], 0
    for start, stop in _sections(text):
        if start >= at:
            found.append(text[at:start].rstrip() if stop >= len(text.rstrip()) else text[at:start])
            at = stop
    rest = FILES.sub("", "".join([*found, text[at:]])) if found or "\\" in text else text
    if citations:
        rest = COMMANDS.sub("", NAMED.sub("", NUMBERED.sub("", rest)))
    return rest


def _sections(text: str) -> list[tuple[int, int]]:
    found, at = [], 0
    following = [match.start() for match in NEXT_PLAIN.finditer(text)]
    for match in HEADING.finditer(text):
        stop = _end(text, match, following) if match.start() >= at else None
        if stop is not None:
            found.append((match.start(), stop))
            at = stop
    for match in LIST.finditer(text):
        closing = LIST_END.search(text, match.end())
        if closing is None:
            break
        found.append((match.start(), closing.end()))
    return sorted(found)


def _end(text: str, heading: re.Match[str], bare: Sequence[int]) -> int | None:
    """Where the section ends; None where it is no bibliography."""
    if heading["hash"]:
        following = re.compile(rf"^#{{1,{len(heading['hash'])}}}(?!#)[ \t]*\S", re.MULTILINE).search(text, heading.end())
    elif heading["wiki"]:
        following = re.compile(rf"^={{2,{len(heading['wiki'])}}}(?!=)[ \t]*\S|^\[\[[^\[\]\n]*:", re.MULTILINE).search(text, heading.end())
    elif heading["latex"]:
        following = re.compile(r"^[ \t]*\\(?:section|chapter|appendix|end\{document\})", re.MULTILINE).search(text, heading.end())
    else:
        return _plain_end(text, heading, bare)
    return following.start() if following else len(text)


def _plain_end(text: str, heading: re.Match[str], bare: Sequence[int]) -> int | None:
    """Below a heading that only stands alone, or is underlined; `bare`: where sections begin that may follow one without marks."""
    underline = UNDERLINE.match(text, heading.end())
    if underline:
        sign = re.escape(underline[1])
        following = re.compile(rf"^\S[^\n]*\n{sign}{{3,}}[ \t]*\r?$", re.MULTILINE).search(text, underline.end())
        return following.start() if following else len(text)
    place = bisect_left(bare, heading.end())
    stop = bare[place] if place < len(bare) else len(text)
    lines = [line for line in text[heading.end() : min(stop, heading.end() + REACH)].split("\n") if line.strip()][:LOOKED_AT]
    like = sum(bool(ENTRY.search(line)) for line in lines)
    return stop if lines and like >= ENTRIES * len(lines) else None
