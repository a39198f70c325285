"""What was admitted loads, gives what the libraries give by themselves, and gets nothing from the files that was not looked at."""

import json
import os
import socket

import pytest
from plain_model import change, write_model

from sandbox.models import ModelRefused, open_model
from sandbox.models.load import load_config, load_model, load_tokenizer
from sandbox.models.settings import checked_config
from sandbox.models.weights import Tensor
from sandbox.models.words import KINDS


@pytest.fixture
def folder(tmp_path):
    return write_model(tmp_path / "model")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("a model reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def test_a_plain_model_gives_what_it_gives_by_itself(folder):
    import torch
    from transformers import AutoModel

    found = open_model(folder)
    model, tokenizer = load_model(found), load_tokenizer(found)
    given = tokenizer(["abc", "de"], padding=True, return_tensors="pt")
    assert given["input_ids"].tolist() == [[4, 5, 6], [7, 8, 0]]
    with torch.inference_mode():
        ours = model(**given).last_hidden_state
        theirs = AutoModel.from_pretrained(str(folder), local_files_only=True, use_safetensors=True).eval()(**given).last_hidden_state
    assert ours.shape == (2, 3, 8)
    assert torch.equal(ours, theirs)
    assert not model.training
    assert os.environ["HF_HUB_OFFLINE"] == "1"


def test_sizes_that_no_weight_tells_are_refused_before_memory_is_taken(folder):
    change(folder, "config.json", max_position_embeddings=1 << 30)
    found = open_model(folder)
    with pytest.raises(ModelRefused, match=r"asks for [\d,]+ values where the weights hold"):
        load_model(found)


def test_what_changes_between_the_look_and_the_loading_is_not_loaded(folder):
    found = open_model(folder)
    (folder / "model.safetensors").write_bytes((folder / "model.safetensors").read_bytes())
    with pytest.raises(ModelRefused, match="has changed"):
        load_model(found)


def test_settings_that_were_left_out_reach_no_library(folder):
    change(folder, "config.json", _name_or_path="someone/else", task_specific_params={"a": {"b": 1}})
    change(
        folder,
        "tokenizer_config.json",
        tokenizer_class="ReformerTokenizer",
        tokenizer_file="/etc/passwd",
        vocab_file="/etc/passwd",
        model_max_length=10**30,
    )
    found = open_model(folder)
    config, tokenizer = load_config(found), load_tokenizer(found)
    assert config._name_or_path == ""
    assert not hasattr(config, "task_specific_params")
    assert tokenizer.convert_tokens_to_ids(["a", "b"]) == [4, 5]
    assert "/etc/passwd" not in str(tokenizer.init_kwargs)


def test_a_head_that_is_not_in_the_weights_is_made(folder):
    from transformers import AutoModelForSequenceClassification

    change(folder, "config.json", id2label={"0": "no", "1": "yes", "2": "maybe"}, label2id={"no": 0, "yes": 1, "maybe": 2})
    assert load_model(open_model(folder), AutoModelForSequenceClassification).config.num_labels == 3


def test_settings_that_the_library_itself_writes_are_admitted_for_every_kind():
    import torch
    from transformers import CONFIG_MAPPING, AutoModel

    for kind in KINDS:
        config, tensors = CONFIG_MAPPING[kind](), {"any": Tensor("F32", (1 << 20,))}
        if kind in ("albert", "bert", "distilbert", "gpt2", "t5", "qwen3"):
            with torch.device("meta"):
                tensors = {name: Tensor("F32", tuple(values.shape)) for name, values in AutoModel.from_config(config).state_dict().items()}
        whole = json.loads(config.to_json_string(use_diff=False))
        kept = checked_config(whole, tensors)
        again = CONFIG_MAPPING[kind](**{key: value for key, value in kept.items() if key != "model_type"})
        assert json.loads(again.to_json_string(use_diff=False)) == whole
