"""A model with random weights and a tokenizer trained on the spot: under a grammar it says what fits and means nothing."""

import json
import random
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from sandbox.gateway import Ask, Budget, Endpoint, Gateway, GatewayError, Message

from .minds import PROSE, Mind, schema_in_format

TRAINED_ON = (
    '{"steps": [{"op": "words", "on": "text", "with": {"at_least": 40}, "why": "short"}], "ok": true, "none": null}',
    PROSE,
    "keep English rows, 0123456789",
)
TEMPLATE = "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}\n{% endfor %}<|assistant|>"
VOCABULARY = 400


def make(folder: Path) -> Path:
    """Write config, tokenizer and weights: 60 kB, made in a second."""
    import torch
    from tokenizers import ByteLevelBPETokenizer
    from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

    trained = ByteLevelBPETokenizer()
    trained.train_from_iterator(TRAINED_ON * 5, vocab_size=VOCABULARY, min_frequency=2, special_tokens=["<|end|>"], show_progress=False)
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=trained._tokenizer, eos_token="<|end|>", pad_token="<|end|>")
    tokenizer.chat_template = TEMPLATE
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    shape = {"hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 16}
    config = Qwen3Config(vocab_size=len(tokenizer), max_position_embeddings=65_536, eos_token_id=0, pad_token_id=0, bos_token_id=0, **shape)
    Qwen3ForCausalLM(config).save_pretrained(folder)
    return folder


def mind() -> Mind:
    """The mode `tiny` of the test server: it holds to response_format, and to nothing else."""
    folder = make(Path(tempfile.mkdtemp(prefix="tiny-model-")))
    endpoint = Endpoint(alias="tiny", folder=folder, context_tokens=65_536, most_reply_tokens=4_096, timeout_seconds=600)
    asked = Gateway(endpoint, budget=Budget())

    def say(body: dict[str, Any], rng: random.Random) -> str:
        schema = schema_in_format(body)
        most = body.get("max_tokens") or 512
        ask = Ask((Message("user", "x"),), schema, most_tokens=most, temperature=1.0, seed=rng.randrange(1 << 30))
        for _ in range(3):  # random words go on and on: another seed may come to an end
            try:
                reply = asked.ask(ask)
                return json.dumps(reply.data) if schema else reply.text
            except GatewayError:
                ask = replace(ask, seed=ask.seed + 1)
        return PROSE

    return say
