"""Markdown, LaTeX, wiki text and reStructuredText as plain text; real documents against a parser of CommonMark."""

import re
import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from real_data import rows

from tools.markup import latex, markdown, rst, wiki
from tools.rewrites.front_matter import parted

KINDS = ("yaml", "toml", "json")


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        ("# Hi", "Hi"),
        ("Title\n=====\n\ntext\n***\nend", "Title\n\ntext\n\nend"),
        ('[a](b) ![c](d "e") [f][g] [[h]](i)\n\n[g]: http://x', "a c f [h]"),
        ("[![img](a)](b) and [not a link]", "img and [not a link]"),
        ("snake_case and 2*3*4 and **bold** and *it* and ~~gone~~", "snake_case and 2*3*4 and bold and it and gone"),
        ("a * b * c, 5 _ 6", "a * b * c, 5 _ 6"),
        ("`a*b*` and ``c`d``", "a*b* and c`d"),
        ("```python\nx = a*b  # [no](x)\n```\ndone", "x = a*b  # [no](x)\ndone"),
        ("> quote **b**\n> more", "quote b\nmore"),
        ("- [x] done\n* two\n  1. three", "- done\n- two\n  1. three"),
        ("| a | b |\n|---|:-:|\n| `x\\|y` | **c** |", "a | b\nx|y | c"),
        ("cost $5 and $x_1 * y_1$ and \\(a*b*c\\)", "cost $5 and $x_1 * y_1$ and \\(a*b*c\\)"),
        ("\\*no\\* &amp; <b>b</b><br>x <https://x.y>", "*no* & b\nx https://x.y"),
        ("note[^1]\n\n[^1]: the note", "note\n\nthe note"),
        ("a <!-- gone --> b <script>x()</script>", "a  b"),
        ("\ue0000\ue001 `a`", "\ue0000\ue001 a"),
    ],
)
def test_markdown(given_, wanted):
    assert markdown.plain(given_) == wanted


def test_code_can_go_too():
    assert markdown.plain("a\n```\ncode\n```\nb", code=False) == "a\nb"


def test_latex_keeps_what_is_printed():
    text = r"""\documentclass{article}\begin{document}\section*{Aim}\label{a}
Caf\'e na\"{\i}ve 50\% ``quoted'' --- \href{http://x}{here}\footnote{A note.}. % draft
\begin{itemize}\item one \item two\end{itemize}
\begin{equation} E = mc^2 \end{equation}
\begin{thebibliography}{9}\bibitem{a} X\end{thebibliography}\end{document} after"""
    said = latex.plain(text)
    assert said.startswith("Aim\n\nCafé naïve 50% “quoted” — here (A note.).")
    assert "- one\n- two" in said.replace("\n\n", "\n") and "\\begin{equation} E = mc^2 \\end{equation}" in said
    assert not any(word in said for word in ("draft", "bibitem", "after", "label"))


def test_wiki_text_loses_templates_files_and_notes():
    text = "{{Infobox|a={{b|c=|}}}}'''Ann''' of [[York, England|York]] [[File:x.jpg|thumb|a [[cat]]]]<ref>n</ref>.\n"
    text += "{|\n! a !! b\n|-\n| 1 || 2\n|}\n[[Category:People]]"
    assert wiki.plain(text) == "Ann of York .\na | b\n1 | 2"


def test_rst_keeps_words_of_roles_and_content_of_code():
    text = "Aim\n===\n\nSee :pep:`8`, `a link <http://x>`_ and ``a*b`` [1]_.\n\n"
    text += ".. code-block:: python\n   :linenos:\n\n   x = 1 * 2\n\n.. a remark\n\n.. note:: Mind *this*.\n"
    assert rst.plain(text) == "Aim\n\nSee 8, a link and a*b.\n\n   x = 1 * 2\n\nMind this."


def by_parser(text: str) -> str:
    """What a parser of CommonMark says the text is; tags are taken out."""
    said = []
    for token in MarkdownIt("commonmark").enable("table").enable("strikethrough").parse(text):
        parts = [token] if token.type in ("fence", "code_block") else token.children or []
        said += ["".join("\n" if part.type.endswith("break") else part.content for part in parts if not part.type.startswith("html")), "\n"]
    return "".join(said)


def test_real_documents_read_as_a_parser_reads_them():
    """All words but 1 in 100: lists keep their numbers here, and rows of tables a sign between cells."""
    lost = beyond = whole = 0
    for name in ("community_docs", "standards_blockchain", "powershell_docs"):
        for row in rows(f"raw_text/{name}.jsonl.zst", 40):
            text = re.sub(r"<[^<>]*>", "", parted(str(row["text"]), KINDS)[1])
            said, wanted = (Counter(re.findall(r"[^\W\d]{2,}", shown)) for shown in (markdown.plain(text), by_parser(text)))
            lost, beyond, whole = lost + (wanted - said).total(), beyond + (said - wanted).total(), whole + wanted.total()
    assert whole > 50_000 and lost < 0.01 * whole and beyond < 0.01 * whole


SIGNS = st.lists(st.sampled_from([*"ab 1\n\n*_`~[]()<>{}|\\$#-=:.!&;'\"", "{{", "}}", "\\begin{a}", "<ref>", ".. x::", "```"]), max_size=100).map(
    "".join
)


@given(SIGNS)
def test_no_text_breaks_a_reader(text):
    for read in (markdown.plain, latex.plain, wiki.plain, rst.plain):
        assert isinstance(read(text), str)


@given(st.lists(st.text("abcxyz ,.", min_size=1, max_size=30).filter(str.strip), min_size=1, max_size=5))
def test_prose_without_signs_stays(paragraphs):
    text = "\n\n".join(one.strip() for one in paragraphs)
    assert markdown.plain(text) == text


@pytest.mark.parametrize("read", [markdown.plain, latex.plain, wiki.plain, rst.plain], ids=["markdown", "latex", "wiki", "rst"])
@pytest.mark.parametrize(
    "unit", ["[", "![[", "*a ", "_a*", "<!--", "<ref>", "{{", "{|\n", "\\begin{equation}", "\\cite{a", "\\(", "`a ``b ", "a.", ".. note:: x\n", "$a "]
)
def test_what_is_never_closed_takes_no_quadratic_time(read, unit):
    start = time.process_time()
    read(unit * (100_000 // len(unit)))
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    ("text", "head", "body"),
    [
        ("---\na: 1\n---\n\nb", "a: 1", "b"),
        ("---\r\na: 1\r\n---\r\nb", "a: 1", "b"),
        ("-----\nname: A\nid:\tx\n-----\n\n# A", "name: A\nid:\tx", "# A"),
        ("---\ntitle: a\n  long one\ntags:\n- b\n...\nc", "title: a\n  long one\ntags:\n- b", "c"),
        ("+++\na = 1\n+++\nb", "a = 1", "b"),
        ('{"a": {"b": 1}}\n\ntext', '{"a": {"b": 1}}', "text"),
        ("---\nA rule above prose.\n---\nb", None, "---\nA rule above prose.\n---\nb"),
        ("---\na: 1\nnever closed", None, "---\na: 1\nnever closed"),
        ('{"a": 1}', None, '{"a": 1}'),
        ("+++\nnot = = toml\n+++\nb", None, "+++\nnot = = toml\n+++\nb"),
    ],
)
def test_front_matter_is_told_from_rules_and_whole_json(text, head, body):
    assert parted(text, KINDS) == (head, body)


def test_mail_like_fields_go_only_when_asked_for():
    text = "PEP: 8\nTitle: Style\n\nText"
    assert parted(text, KINDS)[0] is None
    assert parted(text, ("fields",)) == ("PEP: 8\nTitle: Style", "Text")
