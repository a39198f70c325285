"""Loading what `open_model` found to be plain: the libraries get checked settings and never the files that they stand in."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .folder import ModelFiles
from .refused import ModelRefused
from .tables import FILE as TABLE

OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_XET": "1", "DO_NOT_TRACK": "1"}
MORE, FREE = 1.25, 1 << 24  # a head that is not in the weights may be made anew
MOST_TOKENS = 1 << 20


def load_config(found: ModelFiles) -> Any:
    """The settings, made of those that were checked and of no others."""
    with _careful(found):
        from transformers import CONFIG_MAPPING

        kept: dict[str, Any] = dict(found.config)
        return CONFIG_MAPPING[str(kept.pop("model_type"))](**kept)


def load_model(found: ModelFiles, kind: Any = None, **more: Any) -> Any:
    """The model with its weights, ready to be asked. `kind`: an Auto class of transformers, by default AutoModel; `more`: dtype and the
    like. Raises ModelRefused where the settings ask for more memory than the weights bear out."""
    with _careful(found):
        import transformers

        transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        chosen, config = kind or transformers.AutoModel, load_config(found)
        _refuse_bombs(found, chosen, config)
        made = chosen.from_pretrained(
            str(found.folder),
            config=config,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            weights_only=True,
            **more,
        )
        if getattr(made, "generation_config", None) is not None:
            made.generation_config = transformers.GenerationConfig(**found.generation)  # type: ignore[no-untyped-call]
        return made.eval()


def load_tokenizer(found: ModelFiles) -> Any:
    """The tokenizer of tokenizer.json, with the special tokens and the template that were checked; no class of tokenizer_config.json."""
    with _careful(found):
        from tokenizers import Tokenizer
        from transformers import PreTrainedTokenizerFast

        kept: dict[str, Any] = dict(found.tokenizer)
        longest = kept.pop("model_max_length", None)
        most = int(longest) if isinstance(longest, (int, float)) and 0 < longest <= MOST_TOKENS else None
        table = Tokenizer.from_file(str(found.folder / TABLE))
        made: Any = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
            tokenizer_object=table, **({} if most is None else {"model_max_length": most}), **kept
        )
        made.chat_template = found.template
        return made


def _refuse_bombs(found: ModelFiles, kind: Any, config: Any) -> None:
    """Built without memory first: a few settings can ask for any number of values."""
    import torch

    with torch.device("meta"):
        made = kind.from_config(config)
    asked = sum(one.numel() for one in (*made.parameters(), *made.buffers()))
    if asked > found.values * MORE + FREE:
        why = f"asks for {asked:,} values where the weights hold {found.values:,}"
        raise ModelRefused("config.json", why, "take config.json and weights of one model")


@contextmanager
def _careful(found: ModelFiles) -> Iterator[None]:
    """Offline, and with the files that were looked at, before and after."""
    os.environ.update(OFFLINE)
    found.must_be_unchanged()
    yield
    found.must_be_unchanged()
