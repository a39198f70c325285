"""config.json and its like: settings that are known to run no code and to fetch nothing, and sizes that the weights bear out."""

import re
from collections.abc import Mapping

from . import words
from .refused import ModelRefused
from .strict_json import walk
from .weights import Tensor

CONFIG, GENERATION, TOKENIZER = "config.json", "generation_config.json", "tokenizer_config.json"
PLAIN_WORD = re.compile(r"[A-Za-z0-9_.|-]{0,100}")
MOST_NUMBER, MOST_LAYERS, MOST_HEADS, MOST_LABELS, MOST_ITEMS = 1 << 31, 512, 1024, 100_000, 4096
LAYERS = ("num_hidden_layers", "n_layer", "n_layers", "num_layers")
HEADS = ("num_attention_heads", "n_head", "n_heads", "num_heads", "num_key_value_heads")
SIZES = (
    "vocab_size", "hidden_size", "n_embd", "dim", "d_model", "d_kv", "head_dim", "intermediate_size", "n_inner", "hidden_dim", "d_ff",
    "embedding_size", "type_vocab_size", "num_labels", "pooler_hidden_size",
)  # fmt: skip
LAYER = re.compile(r"(?:^|\.)(?:layers?|h|blocks?)\.(\d+)\.")
SHARED = ("albert",)  # their layers are one
BEAMS = {"num_beams": 64, "num_return_sequences": 64, "max_length": 1 << 20, "max_new_tokens": 1 << 20}
MEND = "take it out of {file} if the model is right without it"


def checked_config(told: Mapping[str, object], tensors: Mapping[str, Tensor]) -> dict[str, object]:
    """What of config.json is used. Raises ModelRefused for any setting that is not known to be harmless, and for sizes of another model."""
    refuse_code(told, CONFIG)
    if told.get("model_type") not in words.KINDS:
        raise ModelRefused(
            CONFIG, f"model_type is {_short(told.get('model_type'))}; loaded are {', '.join(sorted(words.KINDS))}", "take another model"
        )
    kept = {key: value for key, value in told.items() if key not in words.LEFT_OUT}
    for key, value in kept.items():
        if key not in words.SETTINGS | words.ANSWERING:  # older files keep settings of generation here; nothing reads them
            raise ModelRefused(CONFIG, f"{_short(key)} is no setting that is known to be harmless", MEND.format(file=CONFIG))
        _refuse_strange(key, value)
    _refuse_sizes(kept, tensors)
    return {key: value for key, value in kept.items() if key in words.SETTINGS}


def checked_generation(told: Mapping[str, object]) -> dict[str, object]:
    """What of generation_config.json is used."""
    refuse_code(told, GENERATION)
    for key, value in told.items():
        if key not in words.ANSWERING:
            raise ModelRefused(GENERATION, f"{_short(key)} is no setting that is known to be harmless", MEND.format(file=GENERATION))
        if isinstance(value, dict) or (key in BEAMS and isinstance(value, int) and value > BEAMS[key]):
            raise ModelRefused(GENERATION, f"{key} is {_short(value)}", f"write at most {BEAMS.get(key, 'a number')}")
    return {key: value for key, value in told.items() if not key.startswith("_") and key != "transformers_version"}


def checked_tokenizer(told: Mapping[str, object]) -> dict[str, object]:
    """What of tokenizer_config.json is used: the special tokens and how texts are padded. Its classes and paths are never looked at."""
    refuse_code(told, TOKENIZER)
    kept = {key: value for key, value in told.items() if key in words.TOKENIZING and value is not None}
    for key, value in kept.items():
        text = value.get("content") if isinstance(value, dict) else value
        if key in words.TOKENS and not (isinstance(text, str) and len(text) <= 200):
            raise ModelRefused(TOKENIZER, f"{key} is {_short(value)}", "write the token as a text")
    return {key: value["content"] if isinstance(value, dict) else value for key, value in kept.items()}


def refuse_code(told: Mapping[str, object], file: str) -> None:
    """Raises ModelRefused where a key anywhere within names code, or something to fetch."""
    for _, key, value in walk({key: value for key, value in told.items() if key not in ("id2label", "label2id")}):
        why = words.CODE.get(key)
        if why and value not in (None, False, "eager", "sdpa"):
            raise ModelRefused(file, f"{key!r} ({_short(value)}) {why}", MEND.format(file=file))


def _refuse_strange(key: str, value: object) -> None:
    if isinstance(value, dict) and key not in words.NESTED:
        raise ModelRefused(CONFIG, f"{key} holds an object, {_short(value)}", MEND.format(file=CONFIG))
    if key in ("id2label", "label2id"):
        if not isinstance(value, dict) or len(value) > MOST_LABELS:
            raise ModelRefused(CONFIG, f"{key} holds more than {MOST_LABELS:,} labels, or none", "name the labels one by one")
        return
    for _, _, one in walk(value):
        if isinstance(one, list) and len(one) > MOST_ITEMS:
            raise ModelRefused(CONFIG, f"{key} lists {len(one):,} values", f"write at most {MOST_ITEMS:,}")
        if isinstance(one, str) and not PLAIN_WORD.fullmatch(one):
            raise ModelRefused(CONFIG, f"{key} is {_short(one)}, which is no plain word", MEND.format(file=CONFIG))
        if isinstance(one, (int, float)) and abs(one) > MOST_NUMBER and key != "model_max_length":
            raise ModelRefused(CONFIG, f"{key} is {_short(one)}", f"write at most {MOST_NUMBER:,}")
    if key in ("dtype", "torch_dtype") and value is not None and value not in words.NUMBERS:
        raise ModelRefused(CONFIG, f"{key} is {_short(value)}", f"write one of {', '.join(sorted(words.NUMBERS))}")


def _refuse_sizes(kept: Mapping[str, object], tensors: Mapping[str, Tensor]) -> None:
    """Against memory bombs: a number in a file of a few bytes makes as much memory as it says, weights or not."""
    largest = max((size for tensor in tensors.values() for size in tensor.shape), default=0)
    layers = {int(found[1]) for name in tensors for found in LAYER.finditer(name)}
    for key in LAYERS:
        said = kept.get(key)
        if said is not None and (not _is_size(said, MOST_LAYERS) or (layers and kept["model_type"] not in SHARED and said != max(layers) + 1)):
            raise ModelRefused(CONFIG, f"{key} is {_short(said)} where the weights hold {max(layers, default=-1) + 1} layers", _own())
    for keys, most in ((HEADS, min(MOST_HEADS, largest)), (SIZES, largest)):
        for key in keys:
            if kept.get(key) is not None and not _is_size(kept[key], most):
                raise ModelRefused(CONFIG, f"{key} is {_short(kept[key])} where no tensor of the weights is longer than {largest:,}", _own())


def _own() -> str:
    return "take config.json and weights of one model"


def _is_size(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _short(value: object) -> str:
    return repr(value)[:100]
