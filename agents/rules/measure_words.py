"""How people ask for the measures of a text: the words that name what is counted, and what a bound is where none is said."""

import re
from dataclasses import dataclass, field
from typing import Literal

MOSTLY = r"(?:mostly|mainly|chiefly|largely|nothing but|almost only|only|full of|made of)"
_MANY = r"(?:too many|too much|many|lots of|a lot of|plenty of)"
_REPEATED = r"duplicates?|duplicated|repeated|repeats?|repetitions?|repetitive|the same"
_CHARACTERS = "characters?|chars?|letters?|signs?|symbols?|text|content"


@dataclass(frozen=True)
class Said:
    """One measure: the words that name it, and what its numbers are."""

    op: str
    words: re.Pattern[str]
    kind: Literal["share", "count", "length", "value"]
    most: float | None = None  # the upper bound where a clause names the thing and no number; none: a number must be said
    published: bool = False  # that bound is one of a paper, or there is no other: nobody need be asked
    params: dict[str, object] = field(default_factory=dict)


def _share(whole: str, noun: str) -> re.Pattern[str]:
    """`30% of the characters are digits`, `digit share`, `share of digits`, `mostly digits`, `30% digits`, `too many digits`."""
    return re.compile(
        rf"\b(?:{whole})\b[^.;,]{{0,24}}?\b(?:(?:are|is|be|being|belongs? to)\s+(?:in |all |part of )?)?(?:{noun})(?!\w)"
        rf"|(?<!\w)(?:{noun})\s+(?:shares?|ratios?|percentages?|proportions?|fractions?)\b"
        rf"|\b(?:shares?|percentages?|proportions?|ratios?|fractions?)\s+of\s+(?:the\s+)?(?:{noun})(?!\w)"
        rf"|\b{MOSTLY}\s+(?:\w+\s+)?(?:{noun})(?!\w)|\b{_MANY}\s+(?:{noun})(?!\w)|(?:%|\bpercent|\bhalf)\s+(?:of\s+)?(?:{noun})(?!\w)"
    )


def _within(pieces: str) -> re.Pattern[str]:
    """`20% of the characters are in repeated lines`."""
    return re.compile(rf"\b(?:{_CHARACTERS})\s+(?:(?:are|is|lie|lies|stand|stands)\s+)?(?:in|within)\s+(?:{_REPEATED})\s+{pieces}\b")


def _plain(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})")


_ABOUT = r"\s+(?:that (?:mention|are about|speak of|talk about|contain)|about|on|with|mentioning|containing)\s+"
_LONGER = r"longer than|of more than|with more than|over \d"
_POLICY = r"(?:cookies?|privacy polic(?:y|ies)|cookie polic(?:y|ies)|terms of (?:use|service)|policies)"
SAID: tuple[Said, ...] = (
    Said(
        "max_word_length",
        _plain(
            r"(?:the |their |its )?longest words?\b|(?:any |an? |some |every |each )?words? (?:(?:may |can |must |should )?be |is |are )?"
            rf"(?={_LONGER})|max(?:imum)? word length"
        ),
        "length",
    ),
    Said("mean_word_length", _plain(r"(?:average|mean) word length|(?:average|mean) length of (?:the |their |its )?words"), "length"),
    Said(
        "max_line_length",
        _plain(
            r"(?:the |their |its )?longest lines?\b|(?:any |an? |some |every |each )?lines? (?:(?:may |can |must |should )?be |is |are )?"
            rf"(?={_LONGER})|max(?:imum)? line length"
        ),
        "length",
    ),
    Said(
        "mean_line_length",
        _plain(r"(?:average|mean) line length|(?:average|mean) length of (?:the |their |its )?lines|lines?[^.;,]{0,12}\bon average"),
        "length",
    ),
    Said(
        "short_line_share",
        re.compile(rf"\blines\s+(?:are|is)\s+(?:very |too )?short\b|\b(?:{MOSTLY}|{_MANY}|share of|%|percent)\s*(?:very )?short lines\b"),
        "share",
        0.67,
        True,
    ),
    Said(
        "alphanumeric_share",
        _share(_CHARACTERS, r"alphanumerics?|letters (?:or|and) (?:digits|numbers)|(?:digits|numbers) (?:or|and) letters"),
        "share",
        0.5,
    ),
    Said("digit_share", _share(_CHARACTERS, r"digits?|numerals|numeric"), "share", 0.5),
    Said(
        "uppercase_share",
        re.compile(
            _share("letters|characters|chars|text", r"capitals?(?: letters?)?|upper[- ]?case(?: letters?| characters?)?|caps").pattern
            + r"|\b(?:written|typed|set|all|entirely|shout\w*)"
            r"\s+in\s+(?:all[- ]caps|capitals|capital letters|upper[- ]?case)\b|\ball[- ]caps\b|\bshouting\b"
        ),
        "share",
        0.5,
    ),
    Said("whitespace_share", _share(_CHARACTERS, r"white ?space|spaces|blanks"), "share", 0.5),
    Said("emoji_share", _share(_CHARACTERS, r"emojis?"), "share", 0.5),
    Said("special_character_share", _share("(?!x)x", r"special characters?|special chars?|special symbols?|control characters?"), "share", 0.3),
    Said("punctuation_share", _share(_CHARACTERS, r"punctuation(?: marks?| characters?| signs?)?"), "share", 0.5),
    Said(
        "cjk_share",
        _share(_CHARACTERS, r"cjk(?: characters?)?|chinese,? (?:and |or )?japanese,? (?:and|or) korean|chinese characters?|hanzi|kanji"),
        "share",
        0.5,
    ),
    Said("url_share", _share(_CHARACTERS, r"(?:part of )?(?:an? )?(?:urls?|links?|web addresses)"), "share", 0.5),
    Said("html_tag_share", _share(_CHARACTERS, r"(?:part of )?(?:an? )?(?:html(?: tags?| markup)?|markup|tags)"), "share", 0.5),
    Said(
        "replacement_character_share",
        re.compile(
            r"\bmojibake\b|\breplacement characters?\b|\b(?:broken|wrong|garbled|corrupt\w*|bad|damaged) "
            r"(?:encodings?|characters?)\b|\b(?:en|de)coding errors?\b"
        ),
        "share",
        0.0,
        True,
    ),
    Said(
        "alphabetic_word_share",
        _plain(
            r"words\b[^.;,]{0,16}?\b(?:contain|with|have|has|having|hold)s?\s+"
            r"(?:at least )?(?:an?|one|any|some) letters?\b|words are alphabetic\b|alphabetic words?\b"
        ),
        "share",
    ),
    Said(
        "unique_word_share",
        re.compile(
            r"\bwords\s+(?:are|is)\s+(?:unique|distinct|different)\b|(?:%|\bpercent|\bshare of|\bhalf)\s*(?:of )?"
            r"(?:unique|distinct|different) words\b|\bunique[- ]word (?:share|ratio)\b|\btype[- ]token ratio\b|\blexical diversity\b"
        ),
        "share",
    ),
    Said("word_entropy", _plain(r"(?:word |unigram |shannon )?entropy\b"), "value"),
    Said("compression_ratio", _plain(r"(?:compression|zlib|gzip|zstd) ratio\b|compress(?:es|ed)? (?:by|to)\b"), "value"),
    Said(
        "bullet_line_share",
        re.compile(
            r"\blines\b[^.;,]{0,12}?\b(?:are|is|start|starts|begin|begins)\s+(?:with )?(?:an? )?bullets?(?: points?)?\b|\bbullet(?:ed)? lines\b|"
            + MOSTLY
            + r" bullet(?:ed)? ?(?:points?|lists?)\b"
        ),
        "share",
        0.9,
        True,
    ),
    Said(
        "ellipsis_line_share",
        _plain(r"lines\b[^.;,]{0,12}?\b(?:trail(?:s|ing)? off|(?:end|ends|ending)\s+(?:with|in)(?: an?)? (?:ellips[ie]s|three dots|dots|\.\.\.|…))"),
        "share",
        0.3,
        True,
    ),
    Said("duplicate_line_share", _within("lines"), "share", params={"by": "characters"}),
    Said("duplicate_paragraph_share", _within("paragraphs"), "share", params={"by": "characters"}),
    Said(
        "duplicate_line_share",
        re.compile(rf"\blines\s+(?:are|is)\s+(?:{_REPEATED})\b|(?:%|\bpercent|\bshare of|\bhalf)\s*(?:of )?(?:{_REPEATED}) lines\b"),
        "share",
    ),
    Said(
        "duplicate_paragraph_share",
        re.compile(rf"\bparagraphs\s+(?:are|is)\s+(?:{_REPEATED})\b|(?:%|\bpercent|\bshare of|\bhalf)\s*(?:of )?(?:{_REPEATED}) paragraphs\b"),
        "share",
    ),
    Said("curly_brackets", _plain(r"curly (?:brackets?|braces?)\b"), "count", 0, True),
    Said("lorem_ipsum", _plain(r"lorem ipsum\b|(?:placeholder|filler|dummy) texts?\b"), "count", 0, True),
    Said(
        "javascript_lines",
        _plain(
            rf"(?:lines?{_ABOUT})?(?:enable )?javascript (?:warnings?|notices?|messages?)\b|lines?{_ABOUT}javascript\b|"
            r"javascript lines?\b|warnings? (?:about|to enable) javascript\b"
        ),
        "count",
        0,
        True,
    ),
    Said(
        "policy_lines",
        _plain(
            rf"lines?{_ABOUT}(?:the )?{_POLICY}(?:,? (?:and|or) (?:the )?{_POLICY})*|"
            r"(?:cookie|privacy) (?:warnings?|notices?|lines?)\b|policy lines?\b"
        ),
        "count",
        0,
        True,
    ),
    Said("profanity", _plain(r"profanity words\b|(?:swear|curse|cuss|foul|profane|obscene|vulgar|dirty) words?\b"), "count"),
    Said(
        "readability", _plain(r"flesch[- ]kincaid(?: grade(?: level)?)?\b|(?:reading )?grade level\b"), "value", params={"formula": "flesch_kincaid"}
    ),
    Said("readability", _plain(r"(?:gunning )?fog(?: index)?\b"), "value", params={"formula": "gunning_fog"}),
    Said("readability", _plain(r"smog\b(?: grade| index)?"), "value", params={"formula": "smog"}),
    Said("readability", _plain(r"coleman[- ]liau\b"), "value", params={"formula": "coleman_liau"}),
    Said("readability", _plain(r"automated readability(?: index)?\b"), "value", params={"formula": "automated_readability"}),
    Said("readability", _plain(r"flesch(?: reading[- ]ease)?(?: score)?\b|reading ease\b|readability\b"), "value"),
)
