"""All shards of a data set together."""

from collections import Counter
from collections.abc import Sequence

import pyarrow as pa

from tools.storage import File
from workflows.columns import type_name

from .columns import ColumnTally, of_numbers
from .duplicates import NearDuplicates, Twins, estimate, together
from .gather import MOST_ROW_KEYS, BadPart, Part
from .keys import KeyTally
from .result import Column, ExactDuplicates, FileProfile, Trouble
from .roles import role

PACKED = (".gz", ".zst", ".bz2", ".xz")
LEAST_NAMED = 0.005  # languages of fewer rows are not named


class Tally:
    """What all parts so far say."""

    def __init__(self, schema: pa.Schema) -> None:
        self._columns = {one.name: ColumnTally(one) for one in schema}
        self._keys = KeyTally(MOST_ROW_KEYS)
        self._twins: list[Twins] = []
        self._rows: Counter[int] = Counter()
        self._bytes: Counter[int] = Counter()
        self._bad: dict[tuple[int, str, str], BadPart] = {}
        self.unseen: Counter[str] = Counter()

    def add(self, part: Part) -> None:
        for name, column in part.columns.items():
            self._columns[name].add(column)
        self._keys.add(part.keys)
        self._twins = [together([*self._twins, part.twins])]
        self._rows[part.file] += part.rows
        self._bytes[part.file] += part.bytes
        self.unseen += part.unseen
        for bad in part.bad:
            key = (part.file, bad.reason, bad.column)
            before = self._bad.get(key)
            records = bad.records + (before.records if before else 0)
            first = before or bad
            self._bad[key] = BadPart(reason=bad.reason, column=bad.column, records=records, offset=first.offset, line=first.line)

    @property
    def rows(self) -> int:
        return self._rows.total()

    @property
    def bad(self) -> int:
        return sum(one.records for one in self._bad.values())

    @property
    def bytes(self) -> int:
        return self._bytes.total()

    def files(self, files: Sequence[File], sizes: Sequence[int], whole: bool) -> tuple[FileProfile, ...]:
        return tuple(self._file(number, file, size, whole) for number, (file, size) in enumerate(zip(files, sizes, strict=True)))

    def columns(self, content: Sequence[str]) -> tuple[Column, ...]:
        return tuple(_column(tally, name in content) for name, tally in self._columns.items())

    def duplicates(self) -> ExactDuplicates | None:
        keys = self._keys.keys
        return ExactDuplicates(share=keys.repeated_share, exact=keys.is_exact, keys_read=0.5**keys.level) if len(keys.hashes) else None

    def near_duplicates(self) -> NearDuplicates | None:
        return estimate(together(self._twins))

    def _file(self, number: int, file: File, size: int, whole: bool) -> FileProfile:
        troubles = [_trouble(one) for (at, _, _), one in self._bad.items() if at == number]
        return FileProfile(
            path=file.path,
            bytes=size,
            rows=self._rows[number],
            read_bytes=self._bytes[number],
            bad=sum(one.records for one in troubles),
            troubles=tuple(sorted(troubles, key=lambda one: (-one.records, one.reason))),
            head_only=not whole and file.path.endswith(PACKED),
        )


def _trouble(bad: BadPart) -> Trouble:
    place = f"line {bad.line:,}" if bad.line else f"offset {bad.offset:,}"
    return Trouble(reason=bad.reason, records=bad.records, place=place, column=bad.column)


def _column(tally: ColumnTally, is_content: bool) -> Column:
    distinct, exact = tally.distinct
    spread, kind = tally.spread, tally.kind
    languages = tally.texts.languages
    named = {code: share for code, share in languages.items() if share >= LEAST_NAMED}
    found = Column(
        name=tally.field.name,
        type=type_name(tally.field),
        kind=kind,
        role="",
        rows=tally.rows,
        nulls=tally.nulls,
        empties=tally.empties,
        distinct=distinct,
        distinct_exact=exact,
        numbers=spread if kind in ("number", "time") else None,
        characters=spread if kind in ("text", "json") else None,
        elements=spread if kind == "nested" else None,
        words=of_numbers(tally.texts.words),
        top=tally.top,
        languages=named or None,
        language_rows=tally.texts.rows,
        personal=tally.texts.personal,
        examples=tally.examples,
    )
    return role(found, is_content)
