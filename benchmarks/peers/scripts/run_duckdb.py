"""DuckDB in its own environment: the first of the texts that are the same in lower case and with white space as one space."""

import duckdb
from survivors import given

COLUMNS = "{id: 'bigint', source: 'varchar', text: 'varchar'}"
PLAIN = r"trim(regexp_replace(lower(text), '\s+', ' ', 'g'))"


def main() -> None:
    source, target = given(__doc__)
    duckdb.sql("set threads = 2; set preserve_insertion_order = false")
    rows = f"select * from read_json('{source}', format = 'newline_delimited', columns = {COLUMNS})"
    first = f"qualify row_number() over (partition by md5_number({PLAIN}) order by id) = 1"
    duckdb.sql(f"copy ({rows} {first}) to '{target}' (format json)")


if __name__ == "__main__":
    main()
