"""Folders of models: one that is plain is admitted, and everything that could do more than hold weights is refused before it is loaded."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from plain_model import CONFIG, change, header, packed, write_model
from spoilt import WAYS

from sandbox.models import ModelRefused, open_model
from sandbox.models.digests import Digests
from sandbox.models.tables import refuse_pattern
from sandbox.models.template import checked_template


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return write_model(tmp_path_factory.mktemp("models") / "plain")


@pytest.fixture
def folder(plain, tmp_path):
    return Path(shutil.copytree(plain, tmp_path / "model"))


def test_a_plain_folder_is_admitted_with_a_digest_of_each_file(plain):
    found = open_model(plain)
    assert [file.name for file in found.files] == ["README.md", "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]
    assert found.config["model_type"] == "bert"
    assert "name_or_path" not in found.tokenizer
    assert found.values == sum(one["data_offsets"][1] - one["data_offsets"][0] for name, one in header()[0].items() if name[0] != "_") // 4
    assert len(found.sha256) == 64


@pytest.mark.parametrize("name", WAYS)
def test_what_could_do_more_than_hold_weights_is_refused(name, folder, tmp_path):
    canary = tmp_path / "canary"
    file, says = WAYS[name](folder, canary)
    with pytest.raises(ModelRefused) as caught:
        open_model(folder)
    assert caught.value.file.startswith(file) or str(folder) in caught.value.file
    assert says in str(caught.value)
    assert caught.value.mend
    assert len(str(caught.value)) < 700
    assert not canary.exists()


def test_shards_are_admitted_where_their_index_is_true(folder):
    told, size = header()
    (folder / "model.safetensors").rename(folder / "model-00001.safetensors")
    names = [name for name in told if name != "__metadata__"]
    change(folder, "model.safetensors.index.json", metadata={"total_size": size}, weight_map=dict.fromkeys(names, "model-00001.safetensors"))
    assert open_model(folder).values == size // 4
    change(folder, "model.safetensors.index.json", weight_map=dict.fromkeys(names[1:], "model-00001.safetensors"))
    with pytest.raises(ModelRefused, match="say truly"):
        open_model(folder)


def test_one_other_byte_makes_another_digest(folder):
    before = open_model(folder)
    (folder / "model.safetensors").write_bytes(packed(header()[0], bytes(header()[1])))
    after = open_model(folder)
    assert before.sha256 != after.sha256
    assert {file.name for file in before.files if file not in after.files} == {"model.safetensors"}


def test_a_folder_that_has_changed_since_is_noticed(folder):
    found = open_model(folder)
    found.must_be_unchanged()
    change(folder, "config.json", auto_map={"AutoModel": "a.B"})
    with pytest.raises(ModelRefused, match=r"config\.json: has changed"):
        found.must_be_unchanged()
    found = open_model(write_model(folder))
    (folder / "later.py").touch()
    with pytest.raises(ModelRefused, match="other files"):
        found.must_be_unchanged()


def test_what_is_too_large_is_refused(folder):
    with pytest.raises(ModelRefused, match="GB"):
        open_model(folder, most_bytes=100)


@pytest.mark.parametrize("given", ["someone/model", "https://hub.example/model", "hf://someone/model", ""])
def test_only_folders_of_this_machine_are_models(given, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelRefused, match=r"not fetched|lacks"):
        open_model(given)


def test_a_snapshot_names_its_revision(folder):
    revision = "0123456789abcdef" * 2 + "01234567"
    assert open_model(folder.rename(folder.with_name(revision))).revision == revision
    assert open_model(folder.with_name(revision), revision="mine").revision == "mine"


def test_digests_are_remembered_until_the_file_changes(folder, tmp_path, monkeypatch):
    long_ago = time.time() + 100
    monkeypatch.setattr(time, "time", lambda: long_ago)
    digests, path = Digests(tmp_path / "kept"), folder / "model.safetensors"
    first = digests.of(path)
    monkeypatch.setattr("sandbox.models.digests.sha256_of", lambda path: "read again")
    assert digests.of(path) == first
    os.utime(path, ns=(1, 1))
    assert digests.of(path) == "read again"


def test_looking_at_a_folder_needs_no_library_of_models(plain):
    heavy = "{'torch', 'transformers', 'tokenizers', 'safetensors'}"
    script = f"import sys; from sandbox.models import open_model; open_model({str(plain)!r}); print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "pattern",
    [
        r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r" {2,}",
    ],
)
def test_patterns_that_tokenizers_have_are_admitted(pattern):
    refuse_pattern(pattern, "tokenizer.json")


@pytest.mark.parametrize(
    "template",
    [
        "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
        "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
        "{%- set ns = namespace(multi_step_tool=true, last=messages|length - 1) %}{%- for message in messages[::-1] %}"
        "{%- set index = (messages|length - 1) - loop.index0 %}{%- if ns.multi_step_tool and message.role == 'user' %}"
        "{%- set ns.multi_step_tool = false %}{%- set ns.last = index %}{%- endif %}{%- endfor %}"
        "{%- if tools %}{{- tools | tojson(indent=2) }}{%- endif %}",
        "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must alternate') }}{% endif %}"
        "{%- generation -%}{{ message.content }}{%- endgeneration -%}{% set system = '<<SYS>>\n' + messages[0]['content'] + '\n<</SYS>>\n\n' %}",
    ],
)
def test_templates_that_models_have_are_admitted(template):
    assert checked_template(template, "tokenizer_config.json") == template


def test_settings_of_other_kinds_of_models_are_admitted(folder):
    told = json.loads((folder / "config.json").read_text())
    assert told == CONFIG
    change(folder, "config.json", id2label={"0": "spam & ham, <b>"}, label2id={"spam & ham, <b>": 0}, quantization_config=None, num_beams=4)
    assert open_model(folder).config["id2label"] == {"0": "spam & ham, <b>"}
