"""The semantic verifier: each clause of a goal becomes checks on the rows that a plan lets out, apart from how the planner read it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agents.draft import Draft
from agents.rules.clauses import Phrase, phrase_of, points_back, split
from workflows.engine.sample_rows import SampleRows

from . import (
    amounts,
    chats,
    cleaning,
    conditions,
    contents,
    cuts,
    effects,
    formats,
    languages,
    layout,
    ordering,
    pairs,
    repeats,
    shares,
    sizes,
    untouched,
    wholeness,
)
from .findings import Check, Claim, Filter, Finding, Verdict
from .ground import Ground
from .rows import How, judged
from .said import Said

READERS: tuple[Callable[[Said], Sequence[Check]], ...] = (
    wholeness.read,
    untouched.read,
    pairs.read,
    repeats.read,
    chats.read,
    formats.read,
    layout.read,
    cleaning.read,
    languages.read,
    shares.read,
    contents.read,
    cuts.read,
    sizes.read,
    ordering.read,
    amounts.read,
    conditions.read,
    effects.read,
)
_NEW = re.compile(r"\bcolumn\s+(?:named\s+|called\s+)?[`\"']?(\w+)")
_COMPLEMENT = re.compile(
    r"(?:please )?(?:(?:drop|remove|throw out|delete|ignore) )?(?:all )?(?:the rest|everything else|the others?|all others?)(?: (?:can|may|should|"
    r"must|has to))?"
    r"(?: goes?| be dropped)?(?: out| away)?"
)
NO_CHECK = "no check of this clause is known"
_GOES_ON = re.compile(r"^(?!.*\b(?:drop|remove|keep|only|mask|strip)\b).*\b(?:as well|too|also)[ .!]*$|^(?:likewise|the same (?:goes|for))\b")
_WORST: tuple[Verdict, ...] = ("fails", "unknown")
_TAILS = re.compile(
    r"(?<=\w),?\s+(?:and\s+|then\s+)*(?=(?:sorted|ordered|shuffled|deduplicated|no duplicates|without duplicates)\b)|"
    r"(?<=\w),?\s+(?:and\s+)?(?:then\s+)?(?=(?:report|tell me|show me)\b)|(?<=\w)\s+and\s+(?=(?P<those>those|the ones) (?:with|whose|that|which)\b)|"
    r"(?<=\w),\s+(?:and\s+)?(?=as (?:an? )?(?:csv|tsv|parquet|jsonl|arrow)\b)"
)
MOST_UNREAD = 3  # words of no weight that a clause may have beside what was checked
_ORDERS = re.compile(
    r"(?:report|tell|stop|fail|sort|shuffle|split|mask|replac|convert|renam|dedup|duplicat|near|balanc|sampl|merg|join|stack|strip|translat|summar|"
    r"quotes|tags|links|emails?|urls?|markup|header|footer|lower|upper)\w*$"
)
_WEIGHTY = re.compile(
    r"\d|\ue000|\b(?:not|no|never|without|or|if|than|between|above|below|over|under|same|different|unless|except|only|n't|contain\w*|mention\w*|includ\w*|hold\w*|marks?)\b|[<>=]"
)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What the sample says of one clause."""

    clause: str
    steps: tuple[str, ...]  # ids of the steps it led to
    verdict: Verdict
    says: str  # what was checked, and what was found


def verify(goal: str, draft: Draft, sample: SampleRows) -> tuple[Evidence, ...]:
    """Check every clause of a goal on the rows of a sample. A clause that is not surely understood is `unknown`, never `fails`."""
    if draft.recipe is None:
        return ()
    ground = Ground(goal, draft.recipe, sample)
    phrases = split(goal)
    found: list[Evidence] = []
    last = ""
    for place, spoken in enumerate(phrases):
        phrase = _resolved(spoken, last)
        steps = _steps(draft, place, len(phrases), spoken.text)
        said = Said(phrase, ground, steps, _own(draft, steps))
        parts = [Said(one, ground, steps, said.own if not at else ()) for at, one in enumerate(_parts(phrase))]
        finding = _of_parts([_of_clause(one, is_part=True) for one in parts]) if len(parts) > 1 else _of_clause(said)
        if finding.verdict == "fails" and any(_GOES_ON.search(one.lower) for one in phrases[place : place + 2]):
            finding = Finding("unknown", f"it goes on in another clause: {finding.says}")
        if found and finding.verdict == "unknown" and (points_back(phrase) or _COMPLEMENT.fullmatch(phrase.lower.strip(" .!"))):
            finding = Finding(found[-1].verdict, "told with the clause before")
        spoken_of = [one.name for one in said.columns if not re.search(r"\b(?:by|on)\s+(?:column )?$", said.lower[: one.start])]
        last = spoken_of[-1] if spoken_of else new[1] if (new := _NEW.search(phrase.text)) else last
        found.append(Evidence(clause=spoken.text, steps=steps, verdict=finding.verdict, says=finding.says))
    return tuple(found)


def _parts(phrase: Phrase) -> list[Phrase]:
    """`keep the crime books, sorted by year, as csv`: what stands behind a filter is checked apart from it."""
    cuts = list(_TAILS.finditer(phrase.lower))
    ends = [*(cut.start() for cut in cuts), len(phrase.text)]
    found = [phrase_of(phrase.text[: ends[0]], phrase.side)]
    for cut, end in zip(cuts, ends[1:], strict=True):
        text = phrase.text[cut.end() : end]
        again = cut["those"] and phrase.side in ("keep", "drop")  # `drop A and those with B`
        found.append(phrase_of(f"{phrase.side} {text}", phrase.side) if again else phrase_of(text, "do"))
    return found


def _of_parts(findings: list[Finding]) -> Finding:
    """All must hold; one that fails is enough to fail."""
    worst: Verdict = next((one for one in _WORST if any(finding.verdict == one for finding in findings)), "holds")
    return Finding(worst, "; ".join(finding.says for finding in findings if worst != "fails" or finding.verdict == "fails"))


def _resolved(phrase: Phrase, column: str) -> Phrase:
    """`where it is true`, `5 to 12 of them`, `that column`: the column that was spoken of last."""
    if not column:
        return phrase
    text = re.sub(r"\bwhere it (is|equals)\b", rf"where `{column}` \1", phrase.text)
    text = re.sub(r"\bwith (\d[\w ]*?) of (?:them|those|these)\b", rf"where `{column}` is \1", text)
    text = re.sub(r"\b(?:that|this) column\b(?: again)?", f"the column `{column}`", text)
    return phrase if text == phrase.text else phrase_of(text, phrase.side)


def _steps(draft: Draft, place: int, count: int, text: str) -> tuple[str, ...]:
    same = [clause.steps for clause in draft.clauses if clause.text == text]
    if not same and len(draft.clauses) == count:
        same = [draft.clauses[place].steps]
    within = same or [clause.steps for clause in draft.clauses if clause.text in text]
    return tuple(dict.fromkeys(step for steps in within for step in steps))


def _own(draft: Draft, steps: tuple[str, ...]) -> tuple[str, ...]:
    """Of these, the steps that one clause alone led to."""
    shared = [step for clause in draft.clauses for step in set(clause.steps)]
    return tuple(step for step in steps if shared.count(step) == 1)


def _of_clause(said: Said, is_part: bool = False) -> Finding:
    checks: list[Check] = []
    for read in READERS:
        checks += [one for one in read(said) if not any(one.start < other.end and other.start < one.end for other in checks)]
    if not checks:
        return Finding("unknown", NO_CHECK)
    rest = said.unread([(one.start, one.end) for one in checks]) + _unjudged(said, checks)
    is_heavy = said.hedges or bool(_WEIGHTY.search(" ".join(rest))) or any(_ORDERS.match(word) for word in rest)
    is_read = not is_heavy and len(rest) <= MOST_UNREAD
    findings = _findings(said, checks, is_read)
    if not is_part and all(isinstance(one, Claim) and one.keeps_rows for one in checks):
        findings += _lost(said)
    return _together(findings, is_read, is_heavy, rest)


def _unjudged(said: Said, checks: list[Check]) -> list[str]:
    """Columns that a clause of filters names and that no filter looks at: `… and that are in print`."""
    if any(isinstance(one, Claim) for one in checks):
        return []
    judged_by = {column for one in checks if isinstance(one, Filter) for test in one.tests for column in test.columns}
    exact = [one for one in said.columns if one.end - one.start <= len(one.name)]  # `excerpts` are the rows, whatever a column is called
    return [f"or {one.name}" for one in exact if one.name not in judged_by and not any(check.start <= one.start < check.end for check in checks)]


def _findings(said: Said, checks: list[Check], is_read: bool) -> list[Finding]:
    filters = [one for one in checks if isinstance(one, Filter)]
    claims = [one for one in checks if isinstance(one, Claim)]
    found = [one.check(said.ground) for one in claims]
    if filters:
        found.append(judged(filters, _how(said, filters), is_read and len(filters) == len(checks), said.own, said.ground))
    return found


def _lost(said: Said) -> list[Finding]:
    """Sorting, masking and renaming lose no row."""
    lost = [at for at, (state, step) in enumerate(said.ground.fate) if step in said.own and state in ("dropped", "merged", "unused")]
    return [Finding("fails", f"{len(lost)} rows are lost by what should only change or order them, e.g. row {lost[0]}")] if lost else []


def _how(said: Said, filters: Sequence[Filter]) -> How:
    if len(filters) == 1:
        return "all"
    between = said.lower[min(one.end for one in filters) : max(one.start for one in filters)]
    has_or, has_and = bool(re.search(r"\bor\b", between)), bool(re.search(r"\band\b|,", between))
    if has_or and has_and:
        return "cautious"
    if said.way == "drop":
        first = min(filters, key=lambda one: one.start)
        is_one = re.search(r"\b(?:where|whose|that|which|with|if)\b", said.lower[: first.end])  # `rows where A and B`: both must be so
        return "cautious" if is_one and not has_or and not re.search(r"\b(?:those|ones|rows|texts)\b", between) else "all"
    return "any" if has_or else "all"


def _together(findings: list[Finding], is_read: bool, is_heavy: bool, rest: list[str]) -> Finding:
    says = "; ".join(one.says for one in findings if one.says)
    verdicts = {one.verdict for one in findings}
    left = f" (not checked: {' '.join(rest)})" if rest else ""
    if is_heavy:
        return Finding("unknown", f"only a part was understood: {says}{left}")
    if "fails" in verdicts:
        return Finding("fails" if is_read else "unknown", says + left)
    return Finding("unknown" if "unknown" in verdicts else "holds", says + left)
