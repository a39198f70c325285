"""How many rows go out: a number, a share, the ends cut off; and which rows ended at a step."""

import re
from collections.abc import Sequence

from agents.rules import slots

from .findings import Check, Claim, Finding, unknown, verdict_of
from .ground import Ground
from .said import Said

_TAKES = re.compile(
    r"\b(?:sampl\w*|random\w*|pick|draw|choose|first|top|bottom|longest|shortest|highest|lowest|most|diverse|representative|in (?:all|total)|"
    r"altogether|balanced|mix|exactly)\b"
)
_ROWS = (
    r"(?:random |diverse |representative |news |training )?(?:rows?|lines?|items?|examples?|samples?|texts?|messages?|records?|documents?|pieces?|"
    r"excerpts?|problems?|"
    r"reviews?|speeches|questions?|ones|[a-z]{3,}s)\b"
)
_OF_FILES = re.compile(r"\s+(?:\w+ )?(?:files?|data ?sets?|inputs?|sources?|columns?|fields?|times)\b")
_TAKE = re.compile(r"(?:take|give me|keep|just|only|the|first|\s)+$")


def numbered(said: Said, lower: str) -> list[Check]:
    """A number of rows, or a share of them."""
    if not _TAKES.search(lower) and not re.search(r"\b(?:i need|give me|want|take|save|keep)\b", lower) and not re.match(r"\s*\d", lower):
        return []
    shares = slots.shares(lower)
    if len(shares) == 1 and not re.search(r"\b(?:lowest|highest|easiest|hardest|shortest|longest|typical|lines|characters|grams)\b", lower):
        one = shares[0]
        if re.match(r"\s*(?:random )?(?:stratified )?(?:of (?:the |all |my )?)?(?:\w+ )?(?:rows?|\w+s|sample|data)\b", lower[one.end :]):
            end = one.end + (re.match(r"\s*(?:of the |of |stratified |random )?(?:rows?|sample)?", lower[one.end :]) or [""])[0].__len__()
            by = re.search(r"\bby\s*$|\bof\s*$", lower[: next((name.start for name in said.columns), 0)])
            return [Claim(one.start, end, lambda ground: _share(said, ground, one.value, bool(by)))]
        return []
    numbers = [one for one in slots.numbers(lower) if not one.share and one.value == int(one.value)]
    numbers = [one for one in numbers if not (unit := slots.unit(lower, one)) or (unit == "lines" and _TAKE.match(lower[: one.start]))]
    if said.way == "drop":
        return []
    numbers = [one for one in numbers if one.value > 1 and not _OF_FILES.match(lower[one.end :])]
    if len(numbers) != 1 or shares or (slots.bounds(lower) and not re.search(r"\bexactly\b", lower)):
        return []
    one = numbers[0]
    behind = re.match(rf"\s*(?:of the )?(?:longest |shortest |random |best |most \w+ )?{_ROWS}", lower[one.end :])
    top = re.search(r"\b(?:top|first|bottom|sample of|exactly)\s+$", lower[: one.start])
    if not behind and not top:
        return []
    end = one.end + (behind.end() if behind else 0)
    is_random = bool(re.search(r"\brandom\w*|\bsampl\w*|\bchosen at random\b", lower))
    return [Claim(one.start, one.end, lambda ground: count_of(said, ground, int(one.value), is_random))]


def count_of(said: Said, ground: Ground, wanted: int, is_random: bool) -> Finding:
    if not ground.sample.whole:
        return unknown("how many rows go out shows only when all rows go through")
    if not said.steps and ground.out.total < wanted:
        return unknown(f"{ground.out.total} rows go out; no step was made of this clause")
    total, gone = ground.out.total, ended_at(ground, said.steps)
    if total > wanted or (total < wanted and gone and not later(ground, said.steps)):
        return Finding("fails", f"{total} rows go out, {wanted} were asked for")
    if total < wanted:
        return (
            unknown(f"{total} rows go out: other steps drop some of the {wanted}")
            if gone
            else Finding("holds", f"all {total} rows go out; there are no {wanted}")
        )
    kept = sorted(set(ground.out.number))
    if is_random and gone and len(kept) >= 10 and len(gone) >= 10 and kept[-1] < min(ground.given.number[at] for at in gone):
        return Finding("fails", f"{total} rows go out, but they are the first ones and none drawn at random")
    return Finding("holds", f"{total} rows go out")


def ended_at(ground: Ground, steps: Sequence[str]) -> list[int]:
    """Rows that ended at these steps."""
    return [at for at, (state, step) in enumerate(ground.fate) if state in ("dropped", "merged", "unused") and step in steps]


def later(ground: Ground, steps: Sequence[str]) -> bool:
    """Whether rows were lost at a step behind these."""
    order = [step.id for step in ground.recipe.steps]
    last = max((order.index(step) for step in steps if step in order), default=-1)
    return any(state in ("dropped", "merged") and step in order[last + 1 :] for state, step in ground.fate) or ground.expands


def _share(said: Said, ground: Ground, wanted: float, by_group: bool) -> Finding:
    if not ground.sample.whole or not said.steps:
        return unknown("the share shows only when all rows go through")
    gone = len(ended_at(ground, said.steps))
    reached = gone + sum(1 for state, step in ground.fate if state == "kept") if not later(ground, said.steps) else 0
    if not reached:
        return unknown("other steps drop rows too")
    stay = reached - gone
    share = wanted if re.search(rf"\b(?:{_KEEPING})\b", said.lower) or said.way != "drop" else 1 - wanted
    groups = max((len(said.ground.given.labels(one.name)) for one in said.columns), default=0)
    slack = max(1.5, min(3 * (reached * share * (1 - share)) ** 0.5, 0.1 * share * reached), 0.6 * groups)
    return verdict_of(abs(stay - share * reached) <= slack, f"{stay} of {reached} rows stay, {stay / reached:.1%} where {share:.1%} was asked for")


_KEEPING = "sample|pick|keep|take|draw"


def tails(said: Said, lower: str) -> list[Check]:
    """`the shortest quarter should go`, `cut off the lowest 5% and the highest 5%`."""
    shares = slots.shares(lower)
    ends = re.findall(r"\b(?:top|bottom|shortest|longest|lowest|highest|easiest|hardest|smallest|largest)\b", lower)
    if not shares or len(ends) != len(shares) or (said.way is None and not re.search(r"\bcut off\b|\btrim\b|\btop\b|\bbottom\b", lower)):
        return []
    drops = said.way == "drop" or (said.way is None and not re.search(r"\btop\b|\bbottom\b", lower))
    total = sum(one.value for one in shares)
    first = min(shares[0].start, lower.index(ends[0]))
    return [
        Claim(
            first, max(shares[-1].end, lower.rindex(ends[-1]) + len(ends[-1])), lambda ground: _dropped(said, ground, total if drops else 1 - total)
        )
    ]


def _dropped(said: Said, ground: Ground, wanted: float) -> Finding:
    if not ground.sample.whole or not said.steps or later(ground, said.steps):
        return unknown("the share shows only when all rows go through")
    gone = len(ended_at(ground, said.steps))
    reached = gone + sum(state == "kept" for state, _ in ground.fate)
    if not reached:
        return unknown("no row comes in")
    return verdict_of(
        abs(gone - wanted * reached) <= max(2, 0.02 * reached),
        f"{gone} of {reached} rows dropped, {gone / reached:.1%} where {wanted:.1%} was asked for",
    )


def together(*findings: Finding) -> Finding:
    worst = next((one for verdict in ("fails", "unknown") for one in findings if one.verdict == verdict), findings[0])
    return Finding(worst.verdict, "; ".join(one.says for one in findings))
