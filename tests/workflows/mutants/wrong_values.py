"""What mutants are given in place of what stood there."""

from typing import Any

Data = dict[str, Any]
NAMES = (
    "rows",
    "text",
    "id",
    "score",
    "topic",
    "tags",
    "meta",
    "vector",
    "mixed",
    "kind",
    "raw",
    "nope",
    "size.words",
    "near.cluster",
    "_rest",
    "at",
)
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2, 3.5, -0.5, 10**10, -(10**10), 10**19, -(10**30), 10**400, 1e308),
    *("", " ", "x", "1", "a\x00b", "é", "x" * 300, "../x", "a/b", "true", "*", "a.b.c", "rows.dropped", "\n"),
    *([], ["text"], ["text", "text"], ["text", "id"], [1], [[]], {}, {"text": "id"}, {"text": ["text", "output"]}, {"a": 1}),
    *NAMES,
)
PATHS = (
    *(
        "rows.jsonl",
        "rows.tsv",
        "parts",
        "parts/",
        "parts/*.jsonl",
        "*.jsonl",
        "**/*",
        "out",
        "out.jsonl",
        "out/kept.jsonl",
        "nope.jsonl",
        "x.xyz",
        "x",
    ),
    *(
        "typed.parquet",
        "notes.txt",
        "notes.txt/x.jsonl",
        "out.txt",
        "out.csv",
        "out.parquet",
        "out.json.gz",
        "a" * 300 + ".jsonl",
        "a" * 240 + ".jsonl",
    ),
    *(
        "labels.csv",
        "empty.jsonl",
        "odd.jsonl",
        "/etc/passwd",
        "../out.jsonl",
        "",
        ".",
        "./rows.jsonl",
        "s3://b/x.jsonl",
        "out.jsonl/x.jsonl",
        ".jsonl",
    ),
)
COLUMNS = (
    *NAMES,
    "good",
    "output",
    "price",
    "day",
    "time",
    "nothing",
    "large",
    "row",
    "parents",
    "question",
    "label",
    "weight",
    "big",
    "key",
    "messages",
)
ENDINGS = ("jsonl", "json", "csv", "tsv", "parquet", "txt", "jsonl.gz", "parquet.zst", "csv.xz", "md")
SOURCES = (
    *(
        ("rows", "rows.jsonl"),
        ("rows", "rows.jsonl"),
        ("typed", "typed.parquet"),
        ("odd", "odd.jsonl"),
        ("tsv", "rows.tsv"),
        ("labels", "labels.csv"),
    ),
    *(
        ("evals", "evals.jsonl"),
        ("text", "notes.txt"),
        ("parts", "parts/*.jsonl"),
        ("list", "list.json"),
        ("empty", "empty.jsonl"),
        ("pages", "crawl.jsonl.zst"),
    ),
)
EXPRESSIONS = (
    *(
        "COLUMN is null",
        "COLUMN",
        "length(COLUMN) > 3",
        "COLUMN = 1",
        "COLUMN > 2",
        "concat(COLUMN, 'x')",
        "coalesce(COLUMN, COLUMN)",
        "try_cast(COLUMN as integer)",
    ),
    *(
        "COLUMN in ('law', 'x')",
        "COLUMN + 1",
        "upper(COLUMN)",
        "COLUMN[1]",
        "cast(COLUMN as varchar)",
        "not COLUMN",
        "COLUMN / 0",
        "cast(COLUMN as date)",
        "1 = 1",
        "null",
    ),
    *(
        "case when COLUMN is null then 1 else 2 end",
        "round(COLUMN, 2)",
        "hash(COLUMN)",
        "'x' || COLUMN",
        "regexp_matches(COLUMN, 'a(')",
        "COLUMN like '%a'",
        "abs(COLUMN)",
    ),
)
FORMATS = ("jsonl", "json", "csv", "tsv", "parquet", "text", "jsnl", "words", "write_jsonl", "jsonl@1", "jsonl@9", "", "write_text")
KINDS = ("string", "int", "float", "bool", "json", "strng", "list")
CHECKS = (
    *("rows(STEP) > 3", "rows(STEP) >= 0", "rows(STEP) < 0", "share(STEP) <= 2", "share(STEP) > 1.5", "rows(STEP.dropped) >= 0", "rows(STEP) == 2.5"),
    *(
        "nulls(STEP, COLUMN) >= 0",
        "distinct(STEP, COLUMN) >= 0",
        "distinct(STEP.dropped, COLUMN) < 9",
        "rows(STEP) between 9 and 3",
        "cols(STEP) > 1",
    ),
    *("nulls(STEP.dropped, COLUMN) >= 0", "distinct(STEP) > 1", "rows(STEP, COLUMN) > 1", "rows(STEP) > 1e400", "rows() > 1", "", "rows(STEP) = 3"),
)
PARAMETERS: tuple[Data, ...] = (
    *({"at_least": 3}, {"at_least": 9, "at_most": 3}, {"at_most": 10**25}, {"at_least": -(10**400)}, {"at_lest": 3}, {"rows": 3}, {"rows": 10**30}),
    *(
        {"share": 0.5},
        {"share": 2},
        {"rows": 1, "share": 1},
        {"rows_each": 10**25},
        {"budget": 10**400},
        {"budget": 5, "take": "best"},
        {"keep": "best"},
    ),
    *(
        {"pattern": "a("},
        {"pattern": "a{1001}"},
        {"pattern": "(?=a)"},
        {"pattern": "x", "replacement": "\\9"},
        {"pattern": "\\C"},
        {"pattern": "a" * 10**5},
    ),
    *({"where": "score >"}, {"where": "scor > 1"}, {"where": "tags = 1"}, {"where": "text > 3"}, {"where": "length(text)"}, {"where": "(" * 500}),
    *({"where": "at > 1 and place > 1"}, {"where": "meta.a > 3"}, {"where": "score in (select 1)"}, {"where": "1 = 1"}, {"where": "raw is not null"}),
    *(
        {"column": name, "value": value}
        for name in ("at", "parents", "_rest", "changed.at", "", "text", "new")
        for value in ("1", "text", "cast(text as integer)")
    ),
    *(
        {"column": "x", "value": value}
        for value in ("null", "tags", "[1, 2]", "now()", "sum(score)", "score / 0", "date '2024-01-01'", "1.5::decimal(5,1)", "9 * 10**400")
    ),
    *(
        {"columns": ["text"]},
        {"columns": ["text", "text"]},
        {"columns": ["nope"]},
        {"columns": ["label", "id"]},
        {"columns": ["at", "row"]},
        {"columns": []},
    ),
    *(
        {"names": {"text": "id"}},
        {"names": {"text": "at"}},
        {"names": {"nope": "x"}},
        {"names": {"text": "_rest"}},
        {"names": {"text": "size.words"}},
        {"names": {}},
    ),
    *(
        {"words": ["a"]},
        {"words": [" "]},
        {"words": ["a" * 10**5]},
        {"words": []},
        {"words": 10**30},
        {"characters": 5, "overlap": 5},
        {"words": 2, "characters": 2},
    ),
    *(
        {"languages": ["xx"]},
        {"languages": ["english"]},
        {"languages": []},
        {"types": ["mail"]},
        {"validation": 0.9, "test": 0.2},
        {"validation_rows": 10**25},
    ),
    *({"many": "all"}, {"by": "group"}, {"ngram": 0}, {"ngram": 33}, {"reach": 0.1}, {"compare": "number"}, {"model": "x"}, {"has_input": False}, {}),
    *({"shortest": 10**25}, {"similarity": 10**30}, {"largest": "no"}, {"system": ""}, {"made_of": "sharegpt"}, {"form": "NFX"}, {"keep": "longest"}),
)
OPTIONS: tuple[Data, ...] = (
    *({"delimiter": ";"}, {"delimiter": ";;"}, {"delimiter": '"'}, {"delimiter": "\n"}, {"header": False}, {"column": "text"}, {"column": "nope"}),
    *(
        {"column": "tags"},
        {"column": ""},
        {"column": "_rest"},
        {"records": "file"},
        {"records": "page"},
        {"x": 1},
    ),
    *({"compression": "zstd"}, {"row_group_rows": 0}, {"indent": 10**30}, {}, {"column": "at"}, {"column": "size.words"}),
)
