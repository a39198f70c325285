"""The manifest: whole or not there, and able to tell other bytes."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from tools.errors import RecipeError
from workflows import manifest as manifests


def graph(*paths: Path) -> SimpleNamespace:
    files = [SimpleNamespace(path=str(path), inside=path.name) for path in paths]
    return SimpleNamespace(inputs=[SimpleNamespace(name="rows", files=files)])


def test_other_bytes_are_found_though_size_and_time_are_the_same(tmp_path):
    path, cache = tmp_path / "a.jsonl", tmp_path / "cache"
    path.write_text("one")
    os.utime(path, ns=(10**18, 10**18))
    before = manifests.fingerprints(graph(path), cache)
    with open(path, "r+") as file:
        file.write("two")
    os.utime(path, ns=(10**18, 10**18))
    assert manifests.changed(before, manifests.fingerprints(graph(path), cache)) == []
    changes = manifests.changed(before, manifests.fingerprints(graph(path), cache, verify=True))
    assert len(changes) == 1
    assert f"{path}: other bytes" in changes[0]


def test_a_file_that_just_changed_is_read_again(tmp_path):
    path, cache = tmp_path / "a.jsonl", tmp_path / "cache"
    path.write_text("one")
    before = manifests.fingerprints(graph(path), cache)
    facts = path.stat()
    with open(path, "r+") as file:
        file.write("two")
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert manifests.changed(before, manifests.fingerprints(graph(path), cache))


def test_files_that_came_and_went_are_named(tmp_path):
    one, two = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    one.write_text("1")
    two.write_text("2")
    was, now = (manifests.fingerprints(graph(path), tmp_path) for path in (one, two))
    assert manifests.changed(was, now) == [f"{two}: was not there in the run", f"{one}: is not there any more"]


def test_the_same_bytes_elsewhere_are_the_same_input(tmp_path):
    one, two = tmp_path / "x" / "a.jsonl", tmp_path / "y" / "a.jsonl"
    for path in (one, two):
        path.parent.mkdir()
        path.write_text("the same")
    assert manifests.changed(manifests.fingerprints(graph(one), tmp_path), manifests.fingerprints(graph(two), tmp_path)) == []


@pytest.mark.parametrize("body", ["", "[]", '{"format": 1}', '{"format": 2}', "\x00"])
def test_what_is_no_manifest_is_said_to_be_none(tmp_path, body):
    (tmp_path / manifests.NAME).write_text(body)
    with pytest.raises(RecipeError, match=r"manifest.json: not a manifest"):
        manifests.read(tmp_path)


def test_a_folder_without_a_manifest_is_no_run(tmp_path):
    with pytest.raises(RecipeError, match="nothing was started"):
        manifests.read(tmp_path)


def test_the_processor_has_a_family():
    assert len(manifests.cpu_family().split()) >= 2
