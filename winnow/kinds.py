"""What steps that let all rows pass found out, where they tell one of a few words: `lost: tools 122, nothing 121`."""

from pathlib import Path

from .render import counts

MOST_WORDS = 8  # of more, the report shows the most frequent
MOST_ROWS = 20_000_000  # of more, counting would hold up the answer


def told(measures: Path, rows: int) -> list[str]:
    """A line for each measure of words in this folder of a run."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    files = sorted(measures.glob("*.parquet"))
    if not files or not 0 < rows <= MOST_ROWS:
        return []
    names = [field.name for field in pq.read_schema(files[0]) if pa.types.is_string(field.type)]
    found = pa.concat_tables([pq.read_table(file, columns=names) for file in files]) if names else pa.table({})
    lines = []
    for name in names:
        values = {str(one["values"]): int(one["counts"]) for one in found[name].value_counts().to_pylist()}
        if 0 < len(values) <= MOST_WORDS:
            lines.append(f"{name}: {counts(values)}")
    return lines
