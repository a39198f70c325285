"""Why a folder of a model is not loaded."""

PLAIN = "copy config.json, the tokenizer's files and *.safetensors alone into a folder of their own"


class ModelRefused(Exception):
    """Something in a model's folder could run code, fetch something or take more memory than its weights. Nothing of it was loaded."""

    def __init__(self, file: str, why: str, mend: str = PLAIN) -> None:
        super().__init__(f"{file}: {why}; {mend}")
        self.file, self.why, self.mend = file, why, mend
