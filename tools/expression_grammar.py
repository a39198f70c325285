"""The words an expression may use: comparisons, operators, types and functions, and what to write instead of others."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COMPARISONS = {
    "COMPARE_EQUAL": "=",
    "COMPARE_NOTEQUAL": "<>",
    "COMPARE_LESSTHAN": "<",
    "COMPARE_GREATERTHAN": ">",
    "COMPARE_LESSTHANOREQUALTO": "<=",
    "COMPARE_GREATERTHANOREQUALTO": ">=",
    "COMPARE_DISTINCT_FROM": "IS DISTINCT FROM",
    "COMPARE_NOT_DISTINCT_FROM": "IS NOT DISTINCT FROM",
}
OPERATORS = {
    "OPERATOR_NOT": "(NOT {0})",
    "OPERATOR_IS_NULL": "({0} IS NULL)",
    "OPERATOR_IS_NOT_NULL": "({0} IS NOT NULL)",
    "OPERATOR_COALESCE": "coalesce({all})",
    "OPERATOR_TRY": "TRY({0})",
    "COMPARE_IN": "({0} IN ({rest}))",
    "COMPARE_NOT_IN": "({0} NOT IN ({rest}))",
    "ARRAY_EXTRACT": '"array_extract"({all})',
    "ARRAY_SLICE": '"array_slice"({all})',
}
TYPES = _words(
    "boolean bool tinyint smallint integer int bigint utinyint usmallint uinteger ubigint int1 int2 int4 int8 float real double"
    " float4 float8 varchar text string date timestamp"
)
# all pure: one row in, the same value out on any day and machine
ANSWERS = _words(  # numbers, truth values and days: small whatever they are asked about
    "length len strlen bit_length char_length character_length length_grapheme contains starts_with ends_with prefix suffix"
    " ^@ ~~ !~~ ~~* !~~* like_escape ilike_escape not_like_escape not_ilike_escape regexp_matches regexp_full_match instr strpos position"
    " ascii unicode ord"
    " + - * / // % ** ^ & | ~ xor abs sign round floor ceil ceiling trunc even mod pow power sqrt cbrt exp ln log log2 log10 pi"
    " sin cos tan asin acos atan atan2 radians degrees fmod fdiv isnan isinf isfinite gcd lcm"
    " array_length list_contains array_contains list_has list_position array_position list_sum list_avg list_unique"
    " json_array_length json_valid json_type md5 sha256"
    " year month day hour minute second quarter week isoyear dayofweek dayofyear isodow weekofyear epoch date_part datepart date_trunc"
    " datediff date_diff make_date make_timestamp strptime try_strptime last_day dayname monthname strftime"
)
CARRIERS = _words(  # texts, lists and structs: at most as large as all that goes in
    "|| concat concat_ws trim ltrim rtrim lower upper lcase ucase substring substr left right reverse strip_accents nfc_normalize"
    " split_part regexp_extract if nullif greatest least list_value struct_pack struct_extract array_extract list_extract list_element"
    " list_concat array_slice list_slice list_min list_max list_sort list_reverse json_extract_string ->> chr"
)
FOLDS = _words("lower upper lcase ucase nfc_normalize strip_accents")  # a folded character may take three times its bytes
PIECES = _words("string_split str_split split string_to_array regexp_split_to_array string_split_regex regexp_extract_all")
FUNCTIONS = ANSWERS | CARRIERS | PIECES | {"replace", "regexp_replace", "array_to_string"}
REGULAR = _words("regexp_matches regexp_full_match regexp_extract regexp_extract_all regexp_replace regexp_split_to_array string_split_regex")
LITERAL_PATH = frozenset(("json_extract_string", "->>", "json_array_length", "json_type"))
LITERAL_FORMAT = {"strftime": 1, "strptime": 1, "try_strptime": 1}

MENDS = {
    "SUBQUERY": "an expression sees one row; use join_on for a second input, and list_contains(list, value) for `= any(list)`",
    "WINDOW": "an expression sees one row; use top_k, quantile or exact_dedup to compare rows",
    "LAMBDA": "write json_extract_string(column, '$.key') or column->>'key' for JSON; list functions take no lambda",
    "STAR": "name the columns",
    "PARAMETER": "write the value itself",
    "COLLATE": "compare lower(column) instead",
}
TODAY = _words("current_date current_time current_timestamp localtime localtimestamp")
