"""A folder that holds a model as it should be, written without any library of models; and ways to spoil it."""

import json
import struct
from pathlib import Path

SIZES = {"hidden": 8, "inner": 16, "words": 32, "places": 16, "layers": 2}
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"abcdefghijklmnopqrstuvwxyz01"]
CONFIG = {
    "architectures": ["BertModel"], "model_type": "bert", "hidden_size": 8, "intermediate_size": 16, "num_attention_heads": 2,
    "num_hidden_layers": 2, "vocab_size": 32, "max_position_embeddings": 16, "type_vocab_size": 2, "hidden_act": "gelu", "pad_token_id": 0,
    "layer_norm_eps": 1e-12, "torch_dtype": "float32", "transformers_version": "4.40.0",
}  # fmt: skip
TABLE = {
    "version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": {"type": "Lowercase"},
    "pre_tokenizer": {"type": "Split", "pattern": {"Regex": ""}, "behavior": "Isolated", "invert": False}, "post_processor": None, "decoder": None,
    "model": {"type": "WordLevel", "vocab": {word: place for place, word in enumerate(WORDS)}, "unk_token": "[UNK]"},
}  # fmt: skip
TOKENIZING = {
    "tokenizer_class": "BertTokenizer",
    "pad_token": "[PAD]",
    "unk_token": "[UNK]",
    "model_max_length": 16,
    "name_or_path": "/somewhere/else",
}


def shapes():
    hidden, inner = SIZES["hidden"], SIZES["inner"]
    yield "embeddings.word_embeddings.weight", (SIZES["words"], hidden)
    yield "embeddings.position_embeddings.weight", (SIZES["places"], hidden)
    yield "embeddings.token_type_embeddings.weight", (2, hidden)
    yield from norm("embeddings.LayerNorm", hidden)
    for layer in range(SIZES["layers"]):
        here = f"encoder.layer.{layer}"
        for name in ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"):
            yield from line(f"{here}.{name}", hidden, hidden)
        yield from norm(f"{here}.attention.output.LayerNorm", hidden)
        yield from line(f"{here}.intermediate.dense", inner, hidden)
        yield from line(f"{here}.output.dense", hidden, inner)
        yield from norm(f"{here}.output.LayerNorm", hidden)
    yield from line("pooler.dense", hidden, hidden)


def line(name, rows, columns):
    yield f"{name}.weight", (rows, columns)
    yield f"{name}.bias", (rows,)


def norm(name, size):
    yield f"{name}.weight", (size,)
    yield f"{name}.bias", (size,)


def header(named=None):
    """Of safetensors, and how many bytes of body it speaks of."""
    told, place = {"__metadata__": {"format": "pt"}}, 0
    for name, shape in named or shapes():
        size = 4 * shape[0] * (shape[1] if len(shape) > 1 else 1)
        told[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [place, place + size]}
        place += size
    return told, place


def packed(told, body):
    text = told if isinstance(told, bytes) else json.dumps(told).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + body


def write_model(folder):
    """A BERT of two layers, of which every weight is 0.01."""
    folder.mkdir(parents=True, exist_ok=True)
    told, size = header()
    (folder / "model.safetensors").write_bytes(packed(told, struct.pack("<f", 0.01) * (size // 4)))
    for name, content in (("config.json", CONFIG), ("tokenizer.json", TABLE), ("tokenizer_config.json", TOKENIZING)):
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    (folder / "README.md").write_text("a model", encoding="utf-8")
    return folder


def change(folder, file, **more):
    """Set keys of a JSON file; None takes a key out."""
    path = Path(folder) / file
    told = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    told.update(more)
    path.write_text(json.dumps({key: value for key, value in told.items() if value is not None}), encoding="utf-8")
