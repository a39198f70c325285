"""One clause of a goal as the evidence reads it: which way it points, which columns it names, and what of it nobody has read.

None of this asks the planner's readers. What both share is the split into clauses and the grammar of numbers.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from agents.rules.clauses import HIDDEN, Phrase

from .ground import Ground

Way = Literal["keep", "drop"]
DROPS = (
    r"drop\w*|remov\w+|remvoe|delet\w+|discard\w*|exclud\w+|throw\w*|get(?:ting)? rid of|kick\w* out|leav\w+\b[^.;]{0,60}?\bout|filter(?:ed)? out|"
    r"weed\w* out|toss\w*|purge|ditch|skip|omit|reject|eliminate|cut out|take out|sort out"
)
KEEPS = (
    r"keep\w*|only|retain\w*|select|take|want|need|give me|find|filter(?! out)|must|should|have to|has to|just|i'd like|i would like|"
    r"restrict|limit|require|pick|choose"
)
_LEAVES = (
    r"\b(?:can|may|should|must|has to|have to|ha(?:s|ve) got to) (?:all )?(?:go|leave)\b|\b(?:of )?no use\b|\buseless\b|\bnot wanted\b|"
    r"\b(?:don't|doesn't|do not|does not) (?:help|fit|suit|belong)\b|\bteach\w*\b[^.;]{0,30}\bnothing\b|\b(?:is|are) too (?:long|short)\b"
)
_NEGATIONS = re.compile(
    r"\bnot\b|n't\b|\bno\b(?! (?:more|less|fewer|longer|shorter|later|earlier))|\bwithout\b|\bnever\b|"
    r"\b(?:other|else) than\b|\bexcept\b|\bbut\b(?=\s)|\bneither\b|\bnor\b|\bnon-?(?=\s|$)"
)
_LEADING_NO = re.compile(r"(?:please |and |but |also )*(?:there (?:must|should) be )?(?:no|none|nothing|without)\b(?! (?:more|less|fewer|longer))")
_HEDGES = re.compile(
    r"\b(?:unless|except|otherwise|if|when|whenever|in case|apart from|provided|only where|rather|but not|not all|at least one|"
    r"some of|most of|any two|either(?! *[.!]*$)|roughly)\b"
)
_SMALL_WORDS = """
    a an the this that these those there here it its itself they them their all any every each of in on at to for from by with as and then
    also is are be been being was were has have having had do does did i we you my our your me us please pls kindly just only so such too
    well which who whose what where can could would should must may might will shall want need like give get make keep take use drop remove
    row rows text texts data dataset set file files item items example examples record records sample samples entry entries column columns
    field fields value values document documents message messages one ones out away off up down new thing things everything whatever finally
    first next now afterwards afterward after before into onto let lets long longer length total altogether i'd i'm we're it's don't hi
    hello thanks thank lot hence rest other others again still more than less fewer number count amount inside within per exact exactly show
    shows written appear appears stand stands line lines word words character characters content contents input output result results part
    parts instead random randomly counted comments comment tweets tweet excerpts excerpt pages page reviews review posts post articles
    article speeches speech abstracts papers paper problems problem tasks task pairs pair answers answer questions sentences sentence news
    rows' earlier top highest lowest longest shortest least most time times stay stays pick picked sampling either add left back plain both
    solutions responses response instructions instruction poems code later enough interesting"""
GLUE = frozenset(_SMALL_WORDS.split())
CALLED = (
    ("answer", "answers", "reply", "replies", "response", "responses", "output", "outputs", "completion", "completions", "solution", "solutions"),
    ("question", "questions", "prompt", "prompts", "instruction", "instructions", "query", "queries", "task", "tasks"),
    ("title", "titles", "headline", "headlines"),
)
_REMARK = r"\((?:upper or lower case|ignoring case|case-insensitive(?:ly)?|any case)\)"
_ENUMERATED = r"^\(?\d[.)]\s"
_NOUN_FIRST = re.compile(
    r"(?:the |all |all the )?[a-z]+s (?:whose|with|that|which|of|over|under|above|below|longer|shorter|between|where)\b(?!.*\bper\b)"
)
_ALL_BUT = re.compile(r"(?:please |just |keep |i want |we want |take |give me )*(?:everything|all|any\w*|every \w+)(?: rows)? (?:but|except)\b")


@dataclass(frozen=True)
class Named:
    """A column where the clause names it."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Said:
    """A clause over the rows it speaks of."""

    phrase: Phrase
    ground: Ground
    steps: tuple[str, ...]  # that the planner made of it
    own: tuple[str, ...]  # those of them that it made of no other clause

    @property
    def text(self) -> str:
        return self.phrase.text

    @property
    def lower(self) -> str:
        return self.phrase.lower

    @cached_property
    def columns(self) -> tuple[Named, ...]:
        """Columns of any input or output that are named, left to right, the longest name first where two overlap."""
        known = {**self.ground.given.types, **self.ground.out.types}
        for one in self.ground.references.values():
            known.update({field.name: field.type for field in one.table.schema})
        found: list[Named] = []
        for name in sorted(known, key=lambda name: -len(name)):
            for start, end in self._places(name):
                if not any(start < one.end and one.start < end for one in found):
                    found.append(Named(name, start, end))
        return tuple(sorted(found, key=lambda one: one.start))

    def _places(self, name: str) -> list[tuple[int, int]]:
        quoted = [(atom.start, atom.end) for atom in self.phrase.atoms if atom.kind == "quoted" and atom.value == name]
        if quoted or len(name.strip()) < 2:
            return quoted
        if name.lower() in ("file", "data", "dataset", "set", "table", "source") and not re.search(
            rf"\b(?:columns?|fields?) {name.lower()}|{name.lower()} (?:column|field|is)\b", self.lower
        ):
            return []
        pattern = r"[ _-]".join(re.escape(part) for part in re.split(r"[ _-]", name.lower()))
        plural = "" if name.endswith("s") else "(?:s|es)?"
        if name.endswith("y"):
            pattern, plural = pattern[:-1], "(?:y|ies)"
        return [match.span() for match in re.finditer(rf"(?<![\w-]){pattern}{plural}(?![\w-])", self.lower)]

    def texts(self, at: int | None = None) -> list[str]:
        """The text columns that the clause may be about: those it names, else those it calls by another word, else the long ones."""
        side = self.ground.given
        known = side.texts() + [name for name in self.ground.out.texts() if name not in side.types]
        named = [one for one in self.columns if one.name in known and not re.search(r"\b(?:each|every|per)\s+$", self.lower[: one.start])]
        near = [one for one in named if at is None or one.end <= at]
        near = near or [one for one in named if at is None or re.search(r"\b(?:in|of|from|on)\s+(?:the |field |column )*$", self.lower[: one.start])]
        if near:
            return list(dict.fromkeys(one.name for one in reversed(near)))
        for group in CALLED:
            if any(re.search(rf"\b{word}\b", self.lower) for word in group):
                called = [name for name in known if name.lower() in group]
                if called:
                    return called
        most = max((max(side.length(name), self.ground.out.length(name)) for name in known), default=0.0)
        return [name for name in known if max(side.length(name), self.ground.out.length(name)) >= most / 4]

    @cached_property
    def way(self) -> Way | None:
        """Which way the clause points by its own first verb; none where it is not plain, or the split says otherwise."""
        lower = self.lower
        found: Way | None
        drops, keeps = re.search(rf"\b(?:{DROPS})\b", lower), re.search(rf"\b(?:{KEEPS})\b", lower)
        if _LEADING_NO.match(lower) or _ALL_BUT.match(lower) or (re.search(_LEAVES, lower) and not drops):
            found = "drop"
        elif drops and keeps:
            found = "drop" if drops.start() < keeps.start() else None
        else:
            found = "drop" if drops else "keep" if keeps or _NOUN_FIRST.match(lower) else None
        verb = drops or keeps
        if found and verb and re.search(r"\b(?:don't|do not|never|not|n't)\s+(?:\w+ )?$", lower[: verb.start()]):
            found = "keep" if found == "drop" else "drop"
        said = self.phrase.side
        if _ALL_BUT.match(lower):
            return found
        return found if found and said in (found, "", "do") else None

    def wanted(self, start: int) -> bool | None:
        """Whether rows that are as told from here on are to stay; none where that is not plain."""
        if self.way is None:
            return None
        lead = re.search(rf"\b(?:{DROPS}|{KEEPS})\b", self.lower)
        lead_no = _LEADING_NO.match(self.lower)
        must = re.search(r"(?:,|;|\band\b)[^,;]*\b(?:must|should|has to|have to)\b(?P<no> not\b)?[^,;]*$", self.lower[:start])
        if must:  # `no repeats, and the output must have at least 3 sentences`
            return not must["no"]
        leaves = re.match(rf".*?(?:{_LEAVES})", self.lower[:start])
        if leaves:  # `I have no use for the spam messages`
            return (self.way == "keep") != (len(_NEGATIONS.findall(self.lower, leaves.end(), start)) == 1)
        begin = lead_no.end() if lead_no else lead.end() if lead and lead.end() <= start else 0
        if re.match(r".*\b(?:everything|all|every \w+|any\w*)(?: rows)? (?:but|except)\b", self.lower[:start]):
            return False if self.way == "drop" else None
        negations = len(_NEGATIONS.findall(self.lower, begin, start))
        if negations > 1:
            return None
        return (self.way == "keep") != bool(negations)

    @property
    def hedges(self) -> bool:
        """Whether it makes an exception, or means only more or less what it says."""
        return bool(_HEDGES.search(self.lower))

    def unread(self, spans: list[tuple[int, int]]) -> list[str]:
        """Words with a meaning that no check stands for."""
        shown = list(self.lower)
        for start, end in (*spans, *((one.start, one.end) for one in self.columns)):
            shown[start:end] = " " * (end - start)
        for match in (*_LEADING_NO.finditer("".join(shown)), *re.finditer(f"{_LEAVES}|{_REMARK}|{_ENUMERATED}|{_ALL_BUT.pattern}", "".join(shown))):
            shown[match.start() : match.end()] = " " * (match.end() - match.start())
        rest = re.sub(r"\b(?:" + "|".join(map(re.escape, sorted(self.ground.sample.inputs, key=len, reverse=True))) + r")\b", " ", "".join(shown))
        return [word for word in re.findall(rf"[\w'{HIDDEN}]+", rest) if word not in GLUE and not re.fullmatch(DROPS + "|" + KEEPS, word)]
