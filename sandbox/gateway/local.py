"""Speaks for weights in a folder on this machine: offline, of plain files only, held to a schema by its grammar."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Any

from sandbox.models import ModelFiles, ModelRefused, open_model

from .asking import Ask, Mode
from .endpoints import Endpoint
from .errors import Misconfigured, Rejected, TimedOut
from .saying import NAP, Call, Said

if TYPE_CHECKING:
    import llguidance

BLANKS = r"[\x20\n]{1,16}"  # between two tokens of JSON: weak models write blanks for ever where they may
EXTRA = "models in folders need the extra `models`: pip install 'winnow[models]'"


class Local:
    """A folder with weights. It is loaded when it is first asked, and answers one question at a time."""

    def __init__(self, endpoint: Endpoint) -> None:
        assert endpoint.folder is not None
        self.endpoint, self.folder = endpoint, endpoint.folder
        self._lock = Lock()
        if any(find_spec(name) is None for name in ("torch", "transformers", "llguidance")):
            raise Misconfigured(f"{endpoint.alias}: {EXTRA}")

    def say(self, ask: Ask, mode: Mode, call: Call) -> Said:
        while not self._lock.acquire(timeout=NAP):
            call.stop_if_cancelled()
            if call.is_over:
                raise TimedOut(f"{self.endpoint.called}: others kept it busy all the time; it answers one question at a time")
        try:
            call.was_sent = True
            return self._generated(ask, call)
        finally:
            self._lock.release()

    def learn(self, refusal: Rejected) -> bool:
        return False

    def _generated(self, ask: Ask, call: Call) -> Said:
        import torch
        from transformers import LogitsProcessorList, StoppingCriteriaList

        from .grammar import Held, Watched

        prompt = self._prompt(ask)
        width = prompt.shape[-1]
        most = min(self.endpoint.context_tokens, getattr(self._model.config, "max_position_embeddings", None) or self.endpoint.context_tokens)
        if width + ask.most_tokens > most:
            why = f"{width:,} tokens and {ask.most_tokens:,} more do not fit into the {most:,} of its context (context_tokens)"
            raise Rejected(f"{self.endpoint.called}: {why}; ask for less", 413)
        held = [] if ask.schema is None else [Held(self._matcher(ask.schema), width)]
        watched = Watched(self._tokenizer, call, width)
        with torch.random.fork_rng(), torch.inference_mode():
            torch.manual_seed(ask.seed)
            made = self._model.generate(
                prompt,
                attention_mask=torch.ones_like(prompt),
                max_new_tokens=ask.most_tokens,
                do_sample=ask.temperature > 0,
                temperature=ask.temperature or None,
                top_p=None,
                top_k=None,
                pad_token_id=self._ends[0],
                eos_token_id=self._ends,
                logits_processor=LogitsProcessorList(held),
                stopping_criteria=StoppingCriteriaList([watched]),
            )[0, width:].tolist()
        return self._said(made, width, call)

    def _said(self, made: list[int], width: int, call: Call) -> Said:
        call.stop_if_cancelled()
        is_ended = bool(made) and made[-1] in self._ends
        if call.is_over and not is_ended:
            raise TimedOut(f"{self.endpoint.called}: no end within the time that the whole call may take; ask for less, or raise timeout_seconds")
        text = self._tokenizer.decode(made, skip_special_tokens=True)
        if rest := text[sum(map(len, call.pieces)) :]:
            call.take(rest)
        return Said(text, "stop" if is_ended else "length", "", width, len(made))

    def _prompt(self, ask: Ask) -> Any:
        turns = [{"role": message.role, "content": message.content} for message in ask.messages]
        if self._tokenizer.chat_template:
            words = self._tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True, enable_thinking=False)
        else:
            words = "\n\n".join(f"{turn['role']}: {turn['content']}" for turn in turns) + "\n\nassistant: "
        return self._tokenizer(words, return_tensors="pt", add_special_tokens=not self._tokenizer.chat_template)["input_ids"].to(self._model.device)

    def _matcher(self, schema: Mapping[str, Any]) -> "llguidance.LLMatcher":
        import llguidance

        grammar = llguidance.LLMatcher.grammar_from_json_schema(json.dumps(schema), overrides={"whitespace_pattern": BLANKS})
        matcher = llguidance.LLMatcher(self._vocabulary, grammar, log_level=0)
        if matcher.is_error():
            raise Rejected(f"{self.endpoint.called}: no grammar can be made of this schema: {matcher.get_error()[:200]}", 400)
        return matcher

    @cached_property
    def _files(self) -> ModelFiles:
        with self._careful():
            return open_model(self.folder)

    @cached_property
    def _model(self) -> Any:
        import torch
        from transformers import AutoModelForCausalLM

        from sandbox.models.load import load_model

        device = "cuda" if torch.cuda.is_available() else "cpu"
        with self._careful():
            made = load_model(self._files, AutoModelForCausalLM, dtype=torch.bfloat16 if device == "cuda" else torch.float32)
        return made.to(device)

    @cached_property
    def _tokenizer(self) -> Any:
        from sandbox.models.load import load_tokenizer

        with self._careful():
            return load_tokenizer(self._files)

    @cached_property
    def _vocabulary(self) -> "llguidance.LLTokenizer":
        from llguidance.hf import from_tokenizer

        return from_tokenizer(self._tokenizer, n_vocab=self._model.config.vocab_size, eos_token=self._ends)

    @cached_property
    def _ends(self) -> list[int]:
        told = self._model.generation_config.eos_token_id
        ends = told if isinstance(told, list) else [] if told is None else [told]
        return [*dict.fromkeys([self._tokenizer.eos_token_id, *ends])]

    @contextmanager
    def _careful(self) -> Iterator[None]:
        from safetensors import SafetensorError
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            yield
        except ModelRefused as error:
            raise Misconfigured(f"{self.endpoint.called}: not loaded: {error}") from None
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
            raise Misconfigured(f"{self.endpoint.called}: cannot be loaded: {' '.join(str(error).split())[:200]}") from None
