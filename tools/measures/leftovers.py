"""What web pages leave behind in their text: filler, brackets of scripts, lines about scripts and about policies."""

from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from tools.contract import Bounded, Card, Columns, Desk, Example

LOREM_IPSUM = "lorem ipsum"
JAVASCRIPT = "javascript"
POLICIES = ("terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies")
TO_LINE_END = r"[^\n\r]*"  # the rest of the line goes with the match, so that a line counts once


class LoremIpsum(Bounded):
    """Count how often `lorem ipsum` occurs, upper and lower case alike. Text in the place of text is worth nothing: set `at_most: 0`."""

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"lorem_ipsum": pa.int32()},
        exact=True,
        micros_per_row=1.0,
        paper="arXiv:1910.10683, section 2.2",
        aliases=(
            "lorem ipsum",
            "lorem ipsum filler",
            "filler text",
            "placeholder text",
            "dummy text",
            "no lorem ipsum",
            "pages with placeholder text",
        ),
        not_for=("all rules of C4: use c4_quality", "fill missing values"),
        examples=(
            Example(given={"text": ["Lorem ipsum dolor. LOREM IPSUM", "ipsum lorem", ""]}, gives={"lorem_ipsum": [2, 0, 0]}),
            Example(params={"at_most": 0}, given={"text": ["lorem ipsum dolor", "real text"]}, keeps=(1,), drops={0: "lorem_ipsum"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"lorem_ipsum": pc.count_substring(batch["text"], LOREM_IPSUM, ignore_case=True)}


class CurlyBrackets(Bounded):
    """Count opening curly brackets. They stand in code, templates and JSON and hardly ever in prose: C4 allows none."""

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"curly_brackets": pa.int32()},
        exact=True,
        micros_per_row=1.0,
        paper="arXiv:1910.10683, section 2.2",
        aliases=(
            "curly brackets",
            "curly braces",
            "number of curly brackets",
            "texts with curly braces",
            "no curly brackets",
            "braces of code",
            "template placeholders left in",
        ),
        not_for=("all rules of C4: use c4_quality", "texts that are JSON: use is_json", "code that compiles"),
        examples=(
            Example(given={"text": ["if (a) { b } { c }", "plain", ""]}, gives={"curly_brackets": [2, 0, 0]}),
            Example(params={"at_most": 0}, given={"text": ["{{name}}", "Dear Ann"]}, keeps=(1,), drops={0: "curly_brackets"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"curly_brackets": pc.count_substring(batch["text"], "{")}


class JavascriptLines(Bounded):
    """Count the lines that speak of JavaScript. Most are warnings that a page needs it."""

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"javascript_lines": pa.int32()},
        exact=True,
        micros_per_row=3.0,
        paper="arXiv:1910.10683, section 2.2",
        aliases=(
            "javascript warnings",
            "lines about javascript",
            "lines that mention javascript",
            "please enable javascript",
            "javascript must be enabled",
            "pages that need javascript",
            "number of javascript lines",
        ),
        not_for=("code in JavaScript", "removing the lines from the text", "lines about cookies: use policy_lines"),
        examples=(
            Example(
                given={"text": ["Please enable JavaScript.\nJavascript: javascript\nHello", "Java script", ""]}, gives={"javascript_lines": [2, 0, 0]}
            ),
            Example(params={"at_most": 0}, given={"text": ["Enable JavaScript", "It rained."]}, keeps=(1,), drops={0: "javascript_lines"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"javascript_lines": _lines_with(batch["text"], (JAVASCRIPT,))}


class PolicyLines(Bounded):
    """Count the lines that speak of cookies, privacy policies or terms of use, as C4 lists them. They are the small print of pages."""

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"policy_lines": pa.int32()},
        exact=True,
        micros_per_row=6.0,
        paper="arXiv:1910.10683, section 2.2",
        aliases=(
            "privacy policy lines",
            "cookie warnings",
            "cookie policy",
            "terms of use",
            "lines about cookies",
            "lines about privacy policies",
            "number of policy lines",
            "we use cookies",
            "small print",
            "legal boilerplate of web pages",
        ),
        not_for=("removing the lines from the text", "personal data: use mask_pii", "lines about scripts: use javascript_lines"),
        examples=(
            Example(
                given={"text": ["Privacy Policy | Terms of use\nWe use cookies.\nHello", "cookies are tasty", ""]},
                gives={"policy_lines": [2, 0, 0]},
            ),
            Example(params={"at_most": 0}, given={"text": ["This site uses cookies", "It rained."]}, keeps=(1,), drops={0: "policy_lines"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        return {"policy_lines": _lines_with(batch["text"], POLICIES)}


def _lines_with(texts: pa.Array, phrases: tuple[str, ...]) -> pa.Array:
    """The number of lines that hold one of these phrases, upper and lower case alike."""
    return pc.count_substring_regex(texts, f"(?i)(?:{'|'.join(phrases)}){TO_LINE_END}")
