"""Croissant 1.0: what programs read of a data set: its files with digests, its records with types, how it was made."""

import json
from collections.abc import Iterator, Sequence

import pyarrow as pa

from tools.storage import Part

from .facts import Facts, slug, went

NAME = "croissant.json"
PARQUET = "application/x-parquet"
_TEXT = "sc:Text"
Json = dict[str, object]

_CONTEXT: Json = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "equivalentProperty": "cr:equivalentProperty",
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def croissant(facts: Facts) -> str:
    """The metadata as JSON-LD. A column that Croissant's readers cannot hold is left out of the records and named."""
    left_out = [one.name for one in facts.schema if not _holds(one.type)]
    story = facts.story
    document: Json = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": ["http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0"],
        "name": slug(facts.name),
        "alternateName": facts.title,
        "description": _description(facts, left_out),
        "license": facts.terms.urls() or ["unknown"],
        "version": f"{story.version or 1}.0.0",
        "citeAs": f"{facts.title}, made by the recipe {story.recipe} (sha256 {story.digest}) with winnow {story.winnow}.",
        "keywords": ["winnow", *facts.tags],
        "inLanguage": list(facts.languages),
        "creator": {"@type": "sc:Organization", "name": facts.creator} if facts.creator else None,
        "datePublished": facts.published,
        "isBasedOn": [_based_on(one.name, one.licence) for one in story.sources if one.kept],
        "rai:dataCollection": f"Rows of {', '.join(one.name for one in story.sources if not one.is_reference)}; {story.rows_in:,} rows were read.",
        "rai:dataPreprocessingProtocol": [_protocol(number, facts) for number in range(len(story.steps))],
        "rai:dataLimitations": facts.limits(),
        "distribution": [*_files(facts), *(_file_set(split) for split in facts.splits)],
        "recordSet": [_records(split, parts, facts) for split, parts in facts.splits.items()],
    }
    return json.dumps({key: value for key, value in document.items() if value not in (None, [])}, indent=1, ensure_ascii=False) + "\n"


def _description(facts: Facts, left_out: Sequence[str]) -> str:
    said = f" Columns that are not among the records here: {', '.join(left_out)}." if left_out else ""
    return f"{facts.about} {facts.rows:,} rows.{said}"


def _based_on(name: str, licence: str | None) -> Json:
    return {"@type": "sc:Dataset", "name": name, **({"license": licence} if licence else {})}


def _protocol(number: int, facts: Facts) -> str:
    step = facts.story.steps[number]
    why = f" Why: {step.why}" if step.why else ""
    done = went(step)
    return f"{step.id} ({step.operator}): {step.summary}{why} {step.rows_in:,} rows in, {step.rows_out:,} out{f' ({done})' if done else ''}."


def _files(facts: Facts) -> Iterator[Json]:
    for parts in facts.splits.values():
        for part in parts:
            yield {
                "@type": "cr:FileObject",
                "@id": part.path,
                "name": part.path,
                "contentUrl": part.path,
                "contentSize": f"{part.bytes} B",
                "encodingFormat": PARQUET,
                "sha256": part.digest,
            }


def _file_set(split: str) -> Json:
    """The files of a split, which lie beside this description."""
    return {
        "@type": "cr:FileSet",
        "@id": f"{slug(split)}-files",
        "name": f"{slug(split)}-files",
        "encodingFormat": PARQUET,
        "includes": f"data/{split}-*.parquet",
    }


def _records(split: str, parts: Sequence[Part], facts: Facts) -> Json:
    fields: list[Json] = []
    taken: set[str] = set()
    for column in (one for one in facts.schema if _holds(one.type)):
        name = slug(column.name)
        while name in taken:
            name += "_"
        taken.add(name)
        fields.append(_field(f"{slug(split)}/{name}", column.name, column.type, column.name, f"{slug(split)}-files", ()))
    rows = sum(part.rows for part in parts)
    return {"@type": "cr:RecordSet", "@id": slug(split), "name": slug(split), "description": f"The split {split}: {rows:,} rows.", "field": fields}


def _field(identity: str, name: str, kind: pa.DataType, column: str, files: str, within: Sequence[str]) -> Json:
    """A field, and the fields of a structure or of a list of structures."""
    made: Json = {
        "@type": "cr:Field",
        "@id": identity,
        "name": identity,
        "description": f"Column {name}" if not within else f"{name} of column {column}",
    }
    if pa.types.is_list(kind):
        made["repeated"] = True
        kind = kind.value_type
    if pa.types.is_struct(kind):
        inner = [kind.field(index) for index in range(kind.num_fields)]
        made["subField"] = [_field(f"{identity}/{slug(one.name)}", one.name, one.type, column, files, (*within, one.name)) for one in inner]
        return made
    source: Json = {"fileSet": {"@id": files}, "extract": {"column": column}}
    if within:
        source["transform"] = {"jsonPath": ".".join(f'"{one}"' for one in within)}
    return {**made, "dataType": _scalar(kind), "source": source}


def _holds(kind: pa.DataType) -> bool:
    """Scalars, lists of them, a structure of both, and a list of structures of scalars: what mlcroissant reads."""
    if pa.types.is_list(kind):
        kind = kind.value_type
        return _scalar(kind) is not None or (pa.types.is_struct(kind) and all(_scalar(one.type) is not None for one in _fields(kind)))
    if pa.types.is_struct(kind):
        return all(_scalar(one.type.value_type if pa.types.is_list(one.type) else one.type) is not None for one in _fields(kind))
    return _scalar(kind) is not None


def _fields(kind: pa.DataType) -> list[pa.Field]:
    return [kind.field(index) for index in range(kind.num_fields)]


def _scalar(kind: pa.DataType) -> str | None:
    if pa.types.is_boolean(kind):
        return "sc:Boolean"
    if pa.types.is_integer(kind):
        return "sc:Integer"
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "sc:Float"
    if pa.types.is_date(kind):
        return "sc:Date"
    if pa.types.is_timestamp(kind):
        return "sc:DateTime"
    if pa.types.is_time(kind):
        return "sc:Time"
    return _TEXT if pa.types.is_string(kind) or pa.types.is_binary(kind) or pa.types.is_null(kind) or pa.types.is_fixed_size_binary(kind) else None
