"""What can be seen in a text by a plain pattern: addresses, numbers of cards, tags, blanks. Written apart from the operators' own rules."""

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """Something that a clause calls by one of these words, and how to see it; `sure`: what is left of it is a fault, not a matter of taste."""

    words: str
    name: str
    count: Callable[[str], int]
    most_left: float  # of the rows that had some, the share that may still have


def pattern(text: str, flags: int = 0) -> Callable[[str], int]:
    compiled = re.compile(text, flags)
    return lambda value: len(compiled.findall(value))


def _cards(text: str) -> int:
    return sum(_luhn(re.sub(r"\D", "", found)) for found in re.findall(r"(?<![\d.])\d(?:[ -]?\d){12,15}(?![\d.])", text))


def _luhn(digits: str) -> bool:
    turned = [int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits))]
    return len(set(digits)) > 1 and sum(one - 9 if one > 9 else one for one in turned) % 10 == 0


TAGS = (
    r"</?(?:p|div|span|a|br|b|i|u|em|strong|h[1-6]|ul|ol|li|table|tbody|tr|td|th|html|body|head|section|article|header|footer|nav|script|style|img|"
    r"title|link|meta|blockquote|pre)(?:\s[^<>]{0,300})?/?>"
)
EMAIL = r"[A-Za-z0-9][A-Za-z0-9._%+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b"
URL = r"\bhttps?://\w|\bwww\.\w"
_SECRET = r"\bakia[0-9a-z]{16}\b|\bghp_\w{30,}"
_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_FRONT = r"\A\ufeff?---[ \t]*\n(?:[\w.-]+:[^\n]*\n|[ \t-][^\n]*\n)+---[ \t]*(?:\n|\Z)"
MARKS: tuple[Mark, ...] = (
    Mark(r"e-?mails?(?: add?ress(?:es)?)?", "e-mail address", pattern(EMAIL), 0.02),
    Mark(r"(?:tele)?phone numbers?|phones?", "phone number", pattern(r"(?<![\w+])\+\d{1,3}[ .-]?(?:\(?\d{2,4}\)?[ .-]?){2,4}\d{2,4}\b"), 0.3),
    Mark(r"credit cards?(?: numbers?)?|card numbers?", "card number", _cards, 0.1),
    Mark(r"ibans?", "IBAN", pattern(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b"), 0.1),
    Mark(r"ip(?: addresses|s)", "IP address", pattern(rf"(?<![\d.])(?:{_OCTET}\.){{3}}{_OCTET}(?![\d.]\d)"), 0.1),
    Mark(r"social security numbers?|ssns?", "social security number", pattern(r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)"), 0.1),
    Mark(r"urls?|links?|web ?addresses|hyperlinks?", "web address", pattern(URL, re.I), 0.02),
    Mark(r"html(?: tags?)?|tags|xhtml", "HTML tag", pattern(TAGS, re.I), 0.05),
    Mark(r"emojis?|smileys?", "emoji", pattern("[\U0001f300-\U0001f64f\U0001f680-\U0001f6ff\U0001f900-\U0001faff]"), 0.02),
    Mark(r"curly quotes?|smart quotes?|quotes", "curly quote", pattern("[“”‘’]"), 0.02),
    Mark(r"(?:yaml )?front ?matter", "block of front matter", pattern(_FRONT), 0.02),
    Mark(r"broken (?:unicode|encoding)|mojibake", "broken letter", pattern("\u00c3[\u0080-\u00bf]|\u00e2\u20ac|\u00e2\u0080"), 0.2),
    Mark(r"markdown|their markdown", "mark of Markdown", pattern(r"(?m)^#{1,6} \w|\]\(https?://|\*\*\w[^*\n]+\*\*"), 0.1),
    Mark(r"wiki ?(?:markup|text)", "mark of wiki text", pattern(r"\[\[[^\]]+\]\]|'''\w|(?m:^==+ ?\w)"), 0.1),
    Mark(r"mentions?|@mentions?|handles?", "@mention", pattern(r"(?<![\w@])@\w{2,}"), 0.1),
    Mark(r"secrets?|api keys?|passwords?", "secret", pattern(_SECRET, re.I), 0.3),
    Mark(r"hashtags?", "hashtag", pattern(r"(?<![\w#&])#[A-Za-z]\w+"), 0.1),
)  # fmt: skip
