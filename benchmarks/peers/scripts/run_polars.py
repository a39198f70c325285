"""polars in its own environment: the first of the texts that are the same in lower case and with white space as one space."""

import os

os.environ["POLARS_MAX_THREADS"] = "2"

import polars
from survivors import given


def main() -> None:
    source, target = given(__doc__)
    schema = {"id": polars.Int64, "source": polars.String, "text": polars.String}
    plain = polars.col("text").str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars().alias("plain")
    rows = polars.scan_ndjson(source, schema=schema).with_columns(plain)
    rows.unique("plain", keep="first", maintain_order=True).drop("plain").sink_ndjson(target)


if __name__ == "__main__":
    main()
