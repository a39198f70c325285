"""Holds generation to a grammar, and watches it from outside: what transformers calls a logits processor and a stopping criterion."""

from typing import TYPE_CHECKING, Any

from .saying import Call

if TYPE_CHECKING:
    import torch
    from llguidance import LLMatcher

FEWEST = 4  # tokens between two looks at the text: decoding all of it each time costs more than a small model does


class Held:
    """Takes away every token that the grammar does not allow next."""

    def __init__(self, matcher: "LLMatcher", width: int) -> None:
        self._matcher, self._seen = matcher, width

    def __call__(self, input_ids: "torch.Tensor", scores: "torch.Tensor") -> "torch.Tensor":
        import torch

        self._matcher.consume_tokens(input_ids[0, self._seen :].tolist())
        self._seen = input_ids.shape[1]
        allowed = torch.frombuffer(bytearray(self._matcher.compute_logit_bias()), dtype=torch.uint8) > 0
        held = torch.full_like(scores, float("-inf"))  # what lies beyond the vocabulary is padding
        width = min(len(allowed), scores.shape[1])
        held[:, :width] = scores[:, :width].masked_fill(~allowed[:width].to(scores.device), float("-inf"))
        return held


class Watched:
    """Hands on what has been written, and stops when nobody wants it any more or the time is over."""

    def __init__(self, tokenizer: Any, call: Call, width: int) -> None:
        self._tokenizer, self._call, self._width = tokenizer, call, width

    def __call__(self, input_ids: "torch.Tensor", scores: "torch.Tensor", **_: Any) -> "torch.Tensor":
        import torch

        if self._call.heard is not None and (input_ids.shape[1] - self._width) % FEWEST == 0:
            self._tell(self._tokenizer.decode(input_ids[0, self._width :], skip_special_tokens=True))
        is_over = self._call.is_over or (self._call.cancelled is not None and self._call.cancelled())
        return torch.full((input_ids.shape[0],), is_over, device=input_ids.device)

    def _tell(self, text: str) -> None:
        told = "".join(self._call.pieces)
        if text.startswith(told) and not text.endswith("\ufffd") and text != told:  # half a character waits for its other half
            self._call.take(text[len(told) :])
