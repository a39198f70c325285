"""Why a folder of a model is not loaded."""

PLAIN = "copy config.json, the tokenizer's files and *.safetensors alone into a folder of their own"


class ModelRefused(Exception):
    """Something in a model's folder could run code, fetch something or take more memory than its weights. Nothing of it was loaded."""

    def __init__(self, file: str, why: str, mend: str = PLAIN) -> None:
        self.file, self.why, self.mend = _printable(file), _printable(why), mend
        super().__init__(f"{self.file}: {self.why}; {mend}")


def _printable(text: str) -> str:
    """Names of files are a stranger's words, and terminals obey some characters."""
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in text)[:300]
