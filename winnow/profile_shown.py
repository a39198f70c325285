"""How a profile looks on a terminal, and the sentences that its page says too."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from .render import number, one_line, put, size, table

if TYPE_CHECKING:
    from workflows.profile import Column, DataSet, Profile, Spread

BARS = "▁▂▃▄▅▆▇█"
MOST_FILES = 12
MOST_LANGUAGES = 6
MOST_TOP = 5
KINDS = {"email": "e-mail", "phone": "phone", "card": "card", "ip": "IP", "iban": "IBAN"}


def show(found: "Profile") -> None:
    for index, one in enumerate(found.sets):
        if index:
            put()
        _set(one)
    put(f"{found.seconds:.1f} s")


def headline(found: "DataSet") -> str:
    files = "1 file" if len(found.files) == 1 else f"{len(found.files):,} files"
    rows = "rows not counted" if found.rows is None else f"{'' if found.rows_by == 'read' else 'about '}{found.rows:,} rows"
    return f"{found.format}: {files}, {size(found.bytes)}, {rows}" + (f" ({found.rows_by})" if found.rows_by not in ("read", "unknown") else "")


def how_read(found: "DataSet") -> str:
    if not found.rows_read:
        return "No row could be read."
    if found.read == "all":
        return f"Every row was read; languages, words and personal data are told from rows drawn among {found.rows_read:,}."
    heads = any(file.head_only for file in found.files)
    where = "; of compressed files only the head was seen" if heads else ""
    return (
        f"A sample of {found.rows_read:,} rows ({size(found.read_bytes)}) over all files and offsets{where}: "
        "counts are of the sample, shares are estimates. --full reads every row."
    )


def repeats(found: "DataSet") -> list[str]:
    """What is known of duplicates, in sentences."""
    of = ", ".join(one_line(name, 40) for name in found.content)
    exact, near = found.duplicates, found.near_duplicates
    if found.read == "sample":
        return ["Duplicates: not known from a sample; --full counts them."]
    said = []
    if exact is not None:
        about = "" if exact.exact else "about "
        said.append(f"Exact duplicates by {of}: {about}{percent(exact.share)} of the rows repeat an earlier one.")
    if near is not None:
        within = "" if near.share_read >= 1 else f" ({percent(near.low)} to {percent(near.high)}, from {percent(near.share_read)} of the keys)"
        said.append(f"Near-duplicates (at least {percent(near.similarity)} of the word 5-grams): about {percent(near.share)} of the rows{within}.")
    return said


def notes(column: "Column") -> Iterator[str]:
    """Languages and personal data of one column, in sentences."""
    if column.languages:
        yield f"languages {shares(dict(list(column.languages.items())[:MOST_LANGUAGES]))} (of {column.language_rows:,} rows drawn)"
    if column.personal is not None and column.personal.any:
        kinds = {KINDS[name]: share for name, share in column.personal.kinds.items()}
        yield f"personal data in {percent(column.personal.any)} of the rows: {shares(kinds)}"


def shares(of: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {percent(share)}" for name, share in of.items())


def percent(share: float) -> str:
    if 0 < share < 0.001:
        return "<0.1%"
    return f"{100 * share:.0f}%" if share in (0, 1) or share >= 0.1 else f"{100 * share:.1f}%"


def distinct(column: "Column") -> str:
    if column.distinct is None:
        return ""
    return f"{'' if column.distinct_exact else '~'}{column.distinct:,}"


def bars(spread: "Spread") -> str:
    """The histogram in one word."""
    rows = [count for _, _, count in spread.histogram]
    most = max(rows, default=0)
    return "".join(" " if not count else BARS[min(7, 8 * count // most)] for count in rows) if len(rows) > 1 else ""


def of_spread(spread: "Spread | None") -> str:
    if spread is None:
        return ""
    middle = spread.quantiles.get("50%")
    parts = [spread.least, middle, spread.largest] if middle is not None else [spread.least, spread.largest]
    return " · ".join(number(_whole(part)) for part in parts)


def _set(found: "DataSet") -> None:
    put(headline(found))
    if found.shape:
        put(f"It looks like {found.shape}.")
    put(how_read(found))
    _columns(found)
    for column in found.columns:
        for note in notes(column):
            put(f"  {one_line(column.name, 40)}: {note}")
    for line in repeats(found):
        put(line)
    _troubles(found)
    for column in found.columns:
        _examples(column)
    if found.goals:
        put()
        put("What you could do next:")
    for goal in found.goals:
        put(f"  {goal.why}:")
        put(f"    {goal.command}")


def _columns(found: "DataSet") -> None:
    if not found.columns:
        put("It has no columns.")
        return
    rows = [
        (
            one_line(column.name, 40),
            one_line(column.type, 30),
            column.role,
            _empty(column),
            distinct(column),
            of_spread(column.numbers or column.characters or column.elements),
            _shape(column),
            of_spread(column.words),
        )
        for column in found.columns
    ]
    table(("column", "type", "seems to be", "empty", "distinct", "least · median · largest", "", "words"), rows, right=("empty", "distinct"))
    put("  Of texts and JSON the characters are given, of lists the elements, of numbers the numbers.")


def _shape(column: "Column") -> str:
    spread = column.numbers or column.characters or column.elements
    return bars(spread) if spread is not None else ""


def _empty(column: "Column") -> str:
    empty = column.nulls + column.empties
    return percent(empty / column.rows) if empty and column.rows else ""


def _examples(column: "Column") -> None:
    if column.top:
        top = ", ".join(f"{one_line(number(value.value), 40)} {value.rows:,}" for value in column.top[:MOST_TOP])
        put(f"  {one_line(column.name, 40)}: {top}" + (", …" if (column.distinct or 0) > MOST_TOP else ""))
        return
    for text in column.examples if column.kind == "text" else column.examples[:1]:
        put(f"  {one_line(column.name, 40)}: {one_line(text, 100)}")


def _troubles(found: "DataSet") -> None:
    if found.bad:
        put(f"Bad records: {found.bad:,} are no rows.")
    bad = [file for file in found.files if file.bad]
    for file in bad[:MOST_FILES]:
        for trouble in file.troubles[:MOST_FILES]:
            put(f"  {one_line(file.path, 80)}, first at {trouble.place}: {trouble.records:,} × {one_line(trouble.reason)}")
    if len(bad) > MOST_FILES:
        put(f"  and {len(bad) - MOST_FILES:,} files more")
    if len(found.files) > 1:
        rows = [(one_line(file.path, 80), file.rows, size(file.bytes), file.bad or None) for file in found.files[:MOST_FILES]]
        table(("file", "rows read", "size", "bad"), rows, right=("rows read", "size", "bad"))
        if len(found.files) > MOST_FILES:
            put(f"  and {len(found.files) - MOST_FILES:,} files more")
    if found.unseen_keys:
        named = ", ".join(f"{one_line(name, 40)} {rows:,}" for name, rows in list(found.unseen_keys.items())[:MOST_FILES])
        put(f"Keys outside the columns (rows that have them): {named}")


def _whole(value: float | int | str | None) -> float | int | str | None:
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value
