"""Which files a path means: granted paths anywhere, paths of a recipe beneath its folder."""

import io
import os
from pathlib import Path

import pytest

from tools import catalogue
from tools.errors import RecipeError
from tools.storage import Sink, Source
from workflows import inputs
from workflows.inputs import SUFFIXES, beneath, ending, find, fingerprint, sink_for, source_for


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "project"
    for name in (
        "rows.jsonl",
        "data/b.jsonl",
        "data/a.jsonl.gz",
        "data/deep/c.jsonl",
        "data/.hidden.jsonl",
        "data/README.md",
        "data/notes.pdf",
        "mixed/a.csv",
        "mixed/b.jsonl",
    ):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text("{}\n")
    (tmp_path / "secret.jsonl").write_text("{}\n")
    return place


def inside(path: str | list[str], folder: Path, granted: bool = False) -> list[str]:
    return [file.inside for file in find(path, folder, granted)]


def test_files_are_known_by_their_name_within_the_source(folder: Path) -> None:
    assert inside("rows.jsonl", folder) == ["rows.jsonl"]
    assert inside("data", folder) == ["a.jsonl", "b.jsonl", "deep/c.jsonl"]
    assert inside("data/*.jsonl*", folder) == ["a.jsonl", "b.jsonl"]
    assert inside("data/**/*.jsonl", folder) == ["b.jsonl", "deep/c.jsonl"]
    assert inside(["data/deep/c.jsonl", "rows.jsonl"], folder) == ["data/deep/c.jsonl", "rows.jsonl"]


def test_what_a_pattern_matches_today_does_not_change_the_names(folder: Path) -> None:
    assert inside("data/*/*.jsonl", folder) == ["deep/c.jsonl"]
    assert inside("data/*/c.jsonl", folder, True) == ["deep/c.jsonl"]


def test_a_file_named_twice_is_read_once(folder: Path) -> None:
    assert inside(["rows.jsonl", "./rows.jsonl", "data/../rows.jsonl"], folder) == ["rows.jsonl"]


def test_a_name_with_pattern_signs_is_taken_as_it_is(folder: Path) -> None:
    (folder / "a[1].jsonl").write_text("{}\n")
    assert inside("a[1].jsonl", folder) == ["a[1].jsonl"]


def test_two_compressions_of_one_file_are_refused(folder: Path) -> None:
    (folder / "data/b.jsonl.zst").write_text("")
    with pytest.raises(RecipeError, match="differ in compression alone"):
        find("data", folder, False)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("row.jsonl", "no file 'row.jsonl'; did you mean 'rows.jsonl'"),
        ("dat/x.jsonl", "there is no folder"),
        ("*.parquet", "matches no file"),
        ("", "is no path"),
        ("a\0b", "is no path"),
        ("https://example.org/a.jsonl", "pages of the web are not fetched"),
        ("nowhere://bucket/a.jsonl", "Protocol not known: nowhere"),
        ("fifo", "is not a plain file"),
        ("empty", "holds no file of a known format"),
    ],
)
def test_what_cannot_be_read_is_named(folder: Path, path: str, said: str) -> None:
    (folder / "empty").mkdir()
    os.mkfifo(folder / "fifo")
    with pytest.raises(RecipeError, match=said):
        find(path, folder, True)


def tricks(folder: Path) -> list[str]:
    """Ways out of a folder; each works for a program that only looks for `..` at the front."""
    (folder / "out").symlink_to(folder.parent)
    (folder / "direct.jsonl").symlink_to(folder.parent / "secret.jsonl")
    (folder / "chain.jsonl").symlink_to(folder / "direct.jsonl")
    (folder / "data/up").symlink_to("../..")
    (folder / "etc").symlink_to("/etc")
    (folder / "dangling.jsonl").symlink_to(folder.parent / "not_there.jsonl")
    secret = str(folder.parent / "secret.jsonl")
    ups = [f"{'../' * n}secret.jsonl" for n in range(1, 12)] + [f"data/{'../' * n}secret.jsonl" for n in range(2, 12)]
    dots = (
        [f"{'./' * n}../secret.jsonl" for n in range(1, 8)]
        + [f"data/{'./' * n}../../secret.jsonl" for n in range(1, 8)]
        + [f"..{'/' * n}secret.jsonl" for n in range(2, 8)]
    )
    links = [
        "out/secret.jsonl",
        "direct.jsonl",
        "chain.jsonl",
        "data/up/secret.jsonl",
        "dangling.jsonl",
        "out/./secret.jsonl",
        "out/../project/../secret.jsonl",
    ]
    globs = [
        "../*.jsonl",
        "out/*.jsonl",
        "*/secret.jsonl",
        "data/*/secret.jsonl",
        "dir*.jsonl",
        "ch?in.jsonl",
        "../s[e]cret.jsonl",
        "*/*ecret.jsonl",
        "d[i]rect.jsonl",
    ]
    globs += (
        [f"{'../' * n}*.jsonl" for n in range(2, 6)]
        + [f"data/{'../' * n}s*.jsonl" for n in range(2, 6)]
        + [f"{folder.parent}/*.jsonl", f"{folder}/../*.jsonl"]
    )
    absolute = [
        secret,
        f"/{secret}",
        f"//{secret}",
        "/etc/passwd",
        "/etc/shadow",
        "/proc/self/environ",
        "/dev/zero",
        "/",
        "/etc",
        str(folder.parent),
        f"{folder}/../secret.jsonl",
    ]
    others = [
        "..",
        "../",
        "out",
        "etc",
        "etc/passwd",
        "../project/../secret.jsonl",
        "~/../../etc/passwd",
        "file:///etc/passwd",
        "/dev/fd/0",
        "/dev/stdin",
        f"{folder}x/../secret.jsonl",
    ]
    others += [f"data/deep/{'../' * n}secret.jsonl" for n in range(3, 12)] + ["../project2", "data/up", "data/up/secret.jsonl", "..\0", "out\0.jsonl"]
    return ups + dots + links + globs + absolute + others


def test_no_trick_leads_a_recipe_out_of_its_folder(folder: Path) -> None:
    known = tricks(folder)
    assert len(known) >= 100
    for path in known:
        with pytest.raises(RecipeError):
            find(path, folder, False)


def test_no_trick_leads_an_output_out_of_its_folder(folder: Path) -> None:
    tricks(folder)
    for path in [
        "../o.jsonl",
        "/tmp/o.jsonl",
        "data/../../o.jsonl",
        "out/o.jsonl",
        "direct.jsonl",
        "chain.jsonl",
        "dangling.jsonl",
        "data/up/o.jsonl",
        "a\0b",
    ]:
        with pytest.raises(RecipeError):
            beneath(path, folder)
    assert beneath("new/o.jsonl", folder) == folder / "new/o.jsonl"


def test_links_and_absolute_paths_within_the_folder_are_fine(folder: Path) -> None:
    (folder / "link.jsonl").symlink_to(folder / "rows.jsonl")
    assert inside("link.jsonl", folder) == ["link.jsonl"]
    assert inside(str(folder / "rows.jsonl"), folder) == ["rows.jsonl"]


def test_a_granted_path_may_lie_anywhere(folder: Path) -> None:
    assert inside("../secret.jsonl", folder, True) == ["secret.jsonl"]
    assert inside(str(folder.parent / "secret.jsonl"), folder, True) == ["secret.jsonl"]


def test_a_folder_that_is_a_link_itself_is_no_way_out(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "alias").symlink_to(folder)
    assert inside("rows.jsonl", tmp_path / "alias") == ["rows.jsonl"]
    with pytest.raises(RecipeError, match="leads out"):
        find("../secret.jsonl", tmp_path / "alias", False)


def test_stdin_is_kept_as_a_file_and_read_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "_spooled", [])
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'{"a": 1}\n')))
    first = find("-", folder, False, folder / "cache")
    assert Path(first[0].path).read_bytes() == b'{"a": 1}\n'
    assert first[0].inside == "stdin.jsonl"
    assert find("-", folder, False, folder / "cache") == first
    assert [path.name for path in (folder / "cache/stdin").glob("*.part")] == []


def test_formats_are_told_by_the_ending(folder: Path) -> None:
    assert type(source_for(find("data", folder, False), None, {})).__name__ == "Jsonl"
    assert type(source_for(find("data/notes.pdf", folder, False), "jsonl", {})).__name__ == "Jsonl"
    sink, compression = sink_for("out/a.jsonl.zst", None, {})
    assert (type(sink).__name__, compression) == ("WriteJsonl", "zst")
    assert type(sink_for("out/a.dat", "jsonl", {})[0]).__name__ == "WriteJsonl"
    with pytest.raises(RecipeError, match=r"one source holds two formats: '.*a.csv' is csv, '.*b.jsonl' is jsonl"):
        source_for(find("mixed", folder, False), None, {})
    with pytest.raises(RecipeError, match=r"ending '.pdf' is not known"):
        source_for(find("data/notes.pdf", folder, False), None, {})
    with pytest.raises(RecipeError, match="format 'words' is no source"):
        source_for(find("rows.jsonl", folder, False), "words", {})


def test_the_endings_known_here_are_those_of_the_sources() -> None:
    for kind in (Source, Sink):
        said = {}
        for name, place in catalogue.OPERATORS.items():
            if place.startswith("tools.formats.") and issubclass(made := catalogue.operator(name), kind):
                said |= dict.fromkeys(made.suffixes, name.removeprefix("write_"))  # type: ignore[attr-defined]
        assert {suffix: name for suffix, name in SUFFIXES.items() if kind is Source or suffix in said} == said


def test_ending_and_fingerprint(tmp_path: Path) -> None:
    names = ("a.jsonl", "a.JSONL.GZ", "b/a.csv.xz", "a", ".jsonl", "a.gz")
    assert [ending(name) for name in names] == [(".jsonl", ""), (".jsonl", "gz"), (".csv", "xz"), ("", ""), ("", ""), ("", "gz")]
    place = tmp_path / "a"
    place.write_text("x")
    before = fingerprint(place)
    place.write_text("xy")
    assert fingerprint(place) != before


def test_an_ending_that_is_only_read_is_said() -> None:
    with pytest.raises(RecipeError, match=r"output path 'notes.md': files that end in '.md' are only read; end it in one of .*\.jsonl"):
        sink_for("notes.md", None, {})


def test_an_address_is_fetched_once_where_a_person_names_it(tmp_path: Path) -> None:
    fsspec = pytest.importorskip("fsspec")
    store = fsspec.filesystem("memory")
    for name, text in (("a.jsonl", "a"), ("deep/b.jsonl", "b"), ("c.txt", "c")):
        store.pipe(f"/bucket/{name}", f'{{"text": "{text}"}}\n'.encode())
    try:
        one = find("memory://bucket/a.jsonl", tmp_path, True, tmp_path / "cache")
        assert [file.inside for file in one] == ["a.jsonl"]
        assert Path(one[0].path).read_bytes() == b'{"text": "a"}\n'
        again = find("memory://bucket/a.jsonl", tmp_path, True, tmp_path / "cache")
        assert again == one
        many = find("memory://bucket/**/*.jsonl", tmp_path, True, tmp_path / "cache")
        assert [file.inside for file in many] == ["a.jsonl", "deep/b.jsonl"]
        assert [file.inside for file in find("memory://bucket", tmp_path, True, tmp_path / "cache")] == ["a.jsonl", "c.txt", "deep/b.jsonl"]
        store.pipe("/bucket/a.jsonl", b'{"text": "new"}\n')
        assert Path(find("memory://bucket/a.jsonl", tmp_path, True, tmp_path / "cache")[0].path).read_bytes() == b'{"text": "new"}\n'
        with pytest.raises(RecipeError, match="name it on the command line"):
            find("memory://bucket/a.jsonl", tmp_path, False, tmp_path / "cache")
        with pytest.raises(RecipeError, match="cannot be read"):
            find("memory://bucket/none.jsonl", tmp_path, True, tmp_path / "cache")
        with pytest.raises(RecipeError, match=r"pip install 'winnow\[s3\]'"):
            find("s3://bucket/a.jsonl", tmp_path, True, tmp_path / "cache")
    finally:
        store.rm("/bucket", recursive=True)
    (tmp_path / "a.jsonl").write_text("{}")
    assert find(f"file://{tmp_path}/a.jsonl", tmp_path, True)[0].path == str(tmp_path / "a.jsonl")
