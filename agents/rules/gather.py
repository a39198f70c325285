"""Tells the inputs apart, what is prepared and what is only looked up, and brings several together, by shares where asked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from . import comparing, diversity, mixing, slots
from .clauses import Phrase
from .columns import CALLED, mentions
from .profile import Column, Table
from .wishes import COLUMNS, SELECT, Scene, Trouble, Wish

_LOOKED_UP = (
    r"benchmarks?|test[ -]?sets?|test data|test file|evaluation\w*|eval\w*|held-?out|reference|labels?|scores?|ratings?|"
    r"annotations?|block ?list|allow ?list|look-?up|old crawl|contamina\w*|leak\w*|not (?:be )?in"
)
_USES_REFERENCE = re.compile(
    r"\bjoin\b|\blook\w*[ -]?up\b|\bmerge\b[^.;]{0,60}\b(?:on|by)\b|\bde-?contaminat\w*|\bcontaminat\w*|\bleak\w*|"
    r"\bbenchmark\b|\b(?:also|already)\b[^.;]{0,30}\bin\b|\boverlap\w*|"
    r"\b(?:occur|appear|contained|present|found)\w*\b[^.;]{0,20}\bin\b|\b(?:safe|clean|fit) (?:to|for) (?:train|fine-?tun)\w*|"
    r"\btest set\b|\b(?:evaluate|evaluated|evaluating|benchmarked|tested|report\w*)\b[^.;]{0,30}\b(?:on|with|file|scores?)\b|"
    r"\b(?:nothing|none) (?:of|from) (?:it|them|that|those|this|these|the)\b|\benrich\b|"
    r"\bheld-?out\b|\breference\b|\b(?:that|which) (?:is|are) in\b|\bin common\b|\battach\b|"
    r"\badd\b[^.;]{0,40}\bfrom (?:the )?\w+ (?:file|input|table)\b|\b(?:is|are|be) (?:also )?in the (?:first|second|other)\b"
)


_FROM = (
    r"\s*(?:rows?\s*)?(?:of (?:the |our |my )?(?:result|rows|data|output|mix|total|training set|set|file|whole)\s+)?"
    r"(?:(?:should|shall|must|to)\s+)?(?:comes?|be|is|are)?\s*(?:of|from|out of)?\s*(?:the\s+)?"
)
_UNITES = re.compile(
    r"\bone (?:\w+ )?(?:file|data ?set|set|table|corpus|collection) (?:out )?(?:of|from)\b|\bone (?:below|after|under|"
    r"behind) the other\b|\b(?:stack|append|concatenat\w+|"
    r"combine|merge|unite|pool|bring together|put together|union)\b[^.;]{0,30}\b(?:files?|inputs?|data ?sets?|both|them|all|"
    r"two|three|sets|everything|sources)\b|"
    r"\b(?:both|all|two|three|the) (?:\w+ )?(?:files|inputs|data ?sets|sets|sources) (?:together|into one|in one|below|combined)\b"
)


def unites(phrase: Phrase) -> bool:
    """Whether the clause asks for all inputs in one, which is what happens to several inputs anyway."""
    return bool(_UNITES.search(phrase.lower)) and not re.search(r"\b(?:on|by|using|via|where|if)\s+[\w\ue000]+", phrase.lower)


@dataclass(frozen=True)
class Mix:
    """How many rows come from each input."""

    wishes: Mapping[str, list[Wish]]
    phrases: tuple[int, ...]  # places of the clauses that say so
    evidence: str
    together: tuple[Wish, ...] = ()  # over all of them


def apart(goal: str, phrases: list[Phrase], tables: Mapping[str, Table]) -> tuple[list[Table], list[Table]]:
    """(inputs whose rows are prepared, inputs that are looked up)."""
    every = list(tables.values())
    lower = goal.lower()
    if len(every) < 2:
        return every, []
    liked = [table for table in every if diversity.is_target(table, lower)] or (every[1:] if re.search(r"\bdsir\b", lower) else [])
    if liked and len(liked) < len(every):
        return [table for table in every if table not in liked], liked
    annexed = _annexed(phrases, every) if not any(unites(phrase) for phrase in phrases) else []
    if not _USES_REFERENCE.search(lower) and not comparing.COMPARES.search(lower):
        return [table for table in every if table not in annexed], annexed
    named = [table for table in every if _is_looked_up(table, lower)]
    place = re.search(
        rf"\bthe (?P<which>first|second|third|last|other)(?: (?:file|input|one|dataset|data set|table))?\b[^.;]{{0,40}}\b(?:{_LOOKED_UP})", lower
    )
    if place and not named:
        number = {"first": 0, "second": 1, "third": 2}.get(place["which"], len(every) - 1)
        named = [every[min(number, len(every) - 1)]]
    named = named if named and len(named) < len(every) else every[1:]
    return [table for table in every if table not in named], named


def _annexed(phrases: list[Phrase], every: list[Table]) -> list[Table]:
    """Inputs that hold no rows of their own but more columns for the rows of another: same key, no text, and a column that the goal names."""
    first = every[0]
    keys = {column.name for column in first.columns if column.is_key}
    found = []
    for table in every[1:]:
        mine = [column for column in table.columns if first.column(column.name) is None]
        shared = [column for column in table.columns if column.name in keys and column.is_key]
        said = any(mention.sure and mention.column in mine for phrase in phrases for mention in mentions(phrase, table))
        if shared and said and len(mine) + len(shared) == len(table.columns) and first.text and table.column(first.text.name) is None:
            found.append(table)
    return found


def united(tables: list[Table]) -> Table:
    """Several inputs seen as one: the columns of all, as the first that has a column knows it."""
    if len(tables) == 1:
        return tables[0]
    columns: dict[str, Column] = {}
    for table in tables:
        for column in table.columns:
            columns.setdefault(column.name, column)
    return Table(name=tables[0].name, path=tables[0].path, columns=tuple(columns.values()), rows=sum(table.rows for table in tables))


def read_mix(phrases: list[Phrase], scene: Scene, mains: list[Table]) -> Mix | Trouble | None:
    """Shares or counts said for each of several inputs."""
    if len(mains) < 2:
        return None
    for place, phrase in enumerate(phrases):
        parts = mixing.ratio_of(phrase, mains)
        if parts:
            total = _total(phrases)
            wish = mixing.weighted({name: round(part, 6) for name, part in parts.items()}, total, phrases, phrase.text)
            return Mix({}, (place,), wish.evidence, (wish,))
    shares, places = _shares(phrases, mains)
    if len(shares) < len(mains):
        return None
    parts = {name: number.value for name, number in shares.items()}
    if all(number.share or 0 < number.value < 1 for number in shares.values()):
        total = _total(phrases)
        if abs(sum(parts.values()) - 1) > 0.011:
            return Trouble(
                "ask",
                f"The shares add up to {sum(parts.values()):.0%}, not to 100%: {', '.join(f'{name} {value:.0%}' for name, value in parts.items())}.",
            )
        said = [phrases[place] for place in places]
        wish = mixing.weighted({name: round(value, 6) for name, value in parts.items()}, total, phrases, " ".join(phrase.text for phrase in said))
        return Mix({}, tuple(places), wish.evidence, (wish,))
    rows = {name: round(value) for name, value in parts.items()}
    shown = ", ".join(f"{count} of {name}" for name, count in rows.items())
    return Mix({table.name: _drawn(table, rows[table.name]) for table in mains}, tuple(places), f"random_sample: {shown}")


def _total(phrases: list[Phrase]) -> int | None:
    return next((int(number.value) for phrase in phrases for number in slots.numbers(phrase.lower) if mixing.is_total(phrase, number)), None)


def alike(phrases: list[Phrase], scene: Scene, mains: list[Table]) -> dict[str, list[Wish]]:
    """Renames and selections that give all inputs the columns the goal names, or those of the first where shapes are one."""
    if len(mains) < 2:
        return {}
    wanted = _wanted(phrases, scene, mains)
    found: dict[str, list[Wish]] = {}
    for table in mains:
        names = {_stands_for(name, table): name for name in wanted if table.column(name) is None and _stands_for(name, table)}
        wishes = []
        if names:
            renamed = {old: new for old, new in names.items() if old}
            wishes.append(
                Wish(op="rename", id=f"{table.name}_renamed", stage=COLUMNS, params={"names": renamed}, evidence=f"rename in {table.name}: {renamed}")
            )
        have = {names.get(name, name) for name in table.names}
        if wanted and set(wanted) <= have and have != set(wanted):
            wishes.append(
                Wish(
                    op="select_columns",
                    id=f"{table.name}_columns",
                    stage=COLUMNS,
                    params={"columns": list(wanted)},
                    evidence=f"select_columns in {table.name}",
                )
            )
        if wishes:
            found[table.name] = wishes
    return found


def joined(scene: Scene, reference: str, names: list[str]) -> Scene:
    """The scene after columns of another input were added."""
    other = scene.tables[reference]
    added = tuple(column for column in other.columns if column.name in names)
    return replace(scene, main=replace(scene.main, columns=(*scene.main.columns, *added)), joined=(*scene.joined, *names))


def _is_looked_up(table: Table, lower: str) -> bool:
    name = re.escape(table.name.lower()).replace("_", "[ _-]?")
    says = rf"\b(?:file |input |data ?set )?{name}(?:\.\w+)*\b[^.;,]{{0,30}}\b(?:is|are|holds|has|contains|as)\b[^.;,]{{0,30}}\b(?:{_LOOKED_UP})"
    used = (
        rf"\b(?:against|overlap\w* with|in common with|(?:attach|add|take|look up|labels?|columns?|"
        rf"scores?)\b[^.;]{{0,40}}\b(?:from|of|in)|(?:also|already|occurs?|appears?|is|"
        rf"are)\s+in)\s+(?:the\s+)?(?:file\s+)?{name}\b"
    )
    called = re.search(
        r"(?:^|_)(?:tests?|eval\w*|bench\w*|labels?|scores?|reference|held_?out|human_?eval|mmlu\w*|truthfulqa)(?:_|$)", table.name.lower()
    )
    after = rf"\b(?:from|with|to|against|than|since|and)\s+(?:the\s+|our\s+|that (?:of|in)\s+)?{name}\b"
    beside = comparing.COMPARES.search(lower) and re.search(after, lower)
    trains = re.search(rf"\b{name}(?:\.\w+)*\b[^.;,]{{0,30}}\b(?:for|is) (?:the )?train\w*", lower)
    return not trains and bool(re.search(says, lower) or re.search(used, lower) or called or beside)


def _shares(phrases: list[Phrase], mains: list[Table]) -> tuple[dict[str, slots.Number], list[int]]:
    """The number next to each input's name, in one way for all: `50% alpaca` or `alpaca 50%`."""
    found: dict[str, slots.Number] = {}
    places: list[int] = []
    for place, phrase in enumerate(phrases):
        numbers = slots.numbers(phrase.lower)
        for table in mains:
            name = re.escape(table.name.lower()).replace("_", "[ _-]?")
            for match in re.finditer(rf"\b{name}\b", phrase.lower):
                before = [
                    number for number in numbers if number.end <= match.start() and re.fullmatch(_FROM, phrase.lower[number.end : match.start()])
                ]
                after = [
                    number
                    for number in numbers
                    if match.end() <= number.start and re.fullmatch(r"\s*(?:\(|:|=|at|gives|with)?\s*", phrase.lower[match.end() : number.start])
                ]
                number = next(iter([*before, *after]), None)
                if number and table.name not in found:
                    found[table.name] = number
                    places.append(place)
    return found, sorted(set(places))


def _drawn(table: Table, rows: int) -> list[Wish]:
    return [
        Wish(op="random_sample", id=f"from_{table.name}", stage=SELECT, params={"rows": rows}, evidence=f"random_sample of {table.name}: rows={rows}")
    ]


def _wanted(phrases: list[Phrase], scene: Scene, mains: list[Table]) -> tuple[str, ...]:
    """Columns named as the shape of the result, else the shape that most inputs have or can be given."""
    first = united(mains)
    for phrase in phrases:
        names = list(dict.fromkeys(mention.column.name for mention in mentions(phrase, first)))
        if len(names) > 1 and re.search(r"\bas\b|\bcolumns?\b|\bwith\b", phrase.lower):
            usable = [name for name in names if all(table.column(name) or _stands_for(name, table) for table in mains)]
            if len(usable) == len(names):
                return tuple(names)
    shapes = [table.shape for table in mains if table.shape]
    if len(shapes) == len(mains):
        shape = max(shapes, key=shapes.count)
        if all(table.column(name) or _stands_for(name, table) for table in mains for name in shape):
            return shape
    return ()


def _stands_for(name: str, table: Table) -> str | None:
    """The column of a table that is called otherwise and means the same."""
    return next((other for other in CALLED.get(name, ()) if other != name and table.column(other)), None)
