"""What a message says once politeness is off: its words, and whether it says `instead`, `also` or `no`."""

import re
from dataclasses import dataclass

from ..clauses import Phrase, phrase_of

LONGEST = 400  # characters of an order or a change; what is longer is read as a goal, clause by clause
_LEAD = re.compile(
    r"(?:(?:stricter|looser|tighter|longer|shorter)(?=[:,] ?(?:at (?:least|most) |min(?:imum)? |max(?:imum)? )?\d)|"
    r"please|pls|plz|ugh|argh|lol|hahah?a?|nah|meh|man|dude|(?:can|could) u|(?:like|say|about|maybe) (?=\d)|ok(?:ay)?|hey|"
    r"hi|hm+|uh+m?|um|well|wait|sorry|oh|right|alright|great|thanks|thank you|thx|cool|perfect|nice|good|yeah|yep|"
    r"yes|now|so|just|simply|and|but|maybe|perhaps|actually|i think|i guess|i mean(?:t)?|on second thoughts?|come to think of it|in fact|honestly|"
    r"(?:can|could|would|will|may) (?:you|we|i)(?: (?:please|just|also))?|i(?:'d| would) (?:like|love|prefer)(?: you)?(?: to)?|i want(?: you)? to|"
    r"i wanna|"
    r"i need(?: you)? to|we (?:should|need to|want to|could|can)|you (?:should|can|could|may|need to)|let's|let us|lets|go and|what about|"
    r"how about|"
    r"why don't (?:you|we)|try to|hm|then|next)\b(?:[,.!:…-]+\s*|\s+)",
    re.I,
)
_LATER = re.compile(
    r"(?:after that|afterwards|finally|at the (?:very )?end|in the end|lastly|as a last step|after all (?:that|of that))\b[,:]?\s+", re.I
)
_ALSO = re.compile(r"(?:also|additionally|furthermore|moreover|in addition|as well)\b[,:]?\s+", re.I)
_NO = re.compile(r"(?:no|nope|nah|wrong)\s*[,.!:;–-]+\s+|no\s+(?=(?:make|set|i|use|take|rather|wait|sorry)\b)", re.I)
_INSTEAD = re.compile(r"(?:instead|rather)\b,?\s+(?!than\b|of\b)", re.I)
_END = r"[\s.!?…]*$"
_TAIL = re.compile(
    r"(?:[\s,]+(?:please|pls|plz|thanks|thank you|thx|for me|now|ok(?:ay)?|would you|will you|can you|if you can|if possible|actually|right now|"
    r"for now|i think|i guess|though|then|anyway|this time))" + _END,
    re.I,
)
_MEANT = re.compile(r"(?:no|wait|oops|sorry|nah)[ ,]+(?:wait[ ,]+|no[ ,]+)*(?:i meant|i mean|rather)[ ,:]+(?P<what>\S+)[ .!]*", re.I)
_INSTEAD_TAIL = re.compile(r"[\s,]+(?:instead|rather)" + _END, re.I)
_ALSO_TAIL = re.compile(r"[\s,]+(?:too|as well|also)" + _END, re.I)
_AFTER_ALL = re.compile(r"[\s,]+(?:after all|any ?more|any longer|again)" + _END, re.I)


@dataclass(frozen=True)
class Said:
    """A message, or a part of one, as the readers of follow-ups see it."""

    phrase: Phrase
    whole: str  # as it was typed
    instead: bool = False
    also: bool = False
    no: bool = False
    later: bool = False
    after_all: bool = False

    @property
    def lower(self) -> str:
        """In lower case, what is quoted hidden."""
        return self.phrase.lower

    @property
    def text(self) -> str:
        return self.phrase.text


def meant(message: str) -> str:
    """`no, I meant ham` says `ham instead`."""
    found = _MEANT.fullmatch(message.strip())
    return f"{found['what']} instead" if found else message


def read(message: str) -> Said:
    """The message without `please` and the like; it never becomes empty."""
    text, found = " ".join(message.replace("’", "'").split()), set[str]()
    text, found = _without(text, found, (("", _LEAD), ("later", _LATER), ("also", _ALSO), ("no", _NO), ("instead", _INSTEAD)), at_start=True)
    ends = (("", _TAIL), ("instead", _INSTEAD_TAIL), ("also", _ALSO_TAIL), ("after_all", _AFTER_ALL))
    text, found = _without(text, found, ends, at_start=False)
    text = re.sub(r"(?<=\w)[\s.!…]+$", "", text)
    return Said(phrase_of(text, ""), message, **{name: name in found for name in ("instead", "also", "no", "later", "after_all")})


def _without(text: str, found: set[str], patterns: tuple[tuple[str, re.Pattern[str]], ...], *, at_start: bool) -> tuple[str, set[str]]:
    again = True
    while again:
        again = False
        for name, pattern in patterns:
            match = pattern.match(text) if at_start else pattern.search(text)
            rest = (text[match.end() :] if at_start else text[: match.start()]) if match else ""
            if rest.strip(" ,.!?"):
                text, again, found = rest.strip(), True, {*found, name}
    return text, found
