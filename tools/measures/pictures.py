"""How much of a text is pictures, or was broken on its way here."""

from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from tools.contract import Bounded, Card, Columns, Desk, Example

from .shape import quotient, solid

# what bytes 80 to BF become when UTF-8 is read as Windows-1252 or Latin-1, after the letters that its first bytes become
FOLLOWS = r"[\x{80}-\x{bf}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
MISREAD = rf"[ÂÃ]{FOLLOWS}|â€{FOLLOWS}|ï»¿|ï¿½|ðŸ{FOLLOWS}{{2}}"


class EmojiShare(Bounded):
    """The share of emoji among the characters that are no white space. Chats and reviews have some, lists of reactions hardly anything else.

    The parts of a joined emoji count each; digits and arrows that only a variation sign makes into emoji do not. A text without
    characters has 0.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"emoji_share": pa.float64()},
        exact=True,
        micros_per_row=8.0,
        aliases=(
            "emoji share",
            "share of emoji",
            "characters are emoji",
            "characters are emojis",
            "mostly emoji",
            "too many emojis",
            "full of emojis",
            "percentage of emoji",
            "nothing but emojis",
        ),
        not_for=("texts with any emoji: use matches", "remove emoji from the text", "punctuation: use punctuation_share"),
        examples=(
            Example(given={"text": ["ok 😀", "", "😀😀", "a→1"]}, gives={"emoji_share": [1 / 3, 0.0, 1.0, 0.0]}),
            Example(params={"at_most": 0.3}, given={"text": ["🎉🎉 wow", "It rained 🌧."]}, keeps=(1,), drops={0: "emoji_share"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        scan = desk.scan(batch["text"])
        return {"emoji_share": quotient(scan.emoji, solid(scan))}


class ReplacementCharacterShare(Bounded):
    """The share of characters that a wrong decoding left: U+FFFD, and what UTF-8 turns into when it is read as Latin-1, such as `Ã©`.

    The share is of all characters; a text without characters has 0. What `fix_unicode` can mend is worth mending first.
    """

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"replacement_character_share": pa.float64()},
        exact=True,
        micros_per_row=8.0,
        aliases=(
            "replacement characters",
            "replacement character share",
            "mojibake",
            "mojibake share",
            "broken encoding",
            "broken characters",
            "wrong encoding",
            "garbled characters",
            "encoding errors",
            "decoding errors",
            "question mark diamonds",
        ),
        not_for=("repair broken encoding: use fix_unicode", "control characters: use special_character_share"),
        examples=(
            Example(given={"text": ["a\ufffd", "schÃ¶n", "", "São Ã"]}, gives={"replacement_character_share": [0.5, 1 / 3, 0.0, 0.0]}),
            Example(params={"at_most": 0.01}, given={"text": ["itâ€™s", "it's"]}, keeps=(1,), drops={0: "replacement_character_share"}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        texts, scan = batch["text"], desk.scan(batch["text"])
        misread = pc.subtract(scan.characters, pc.utf8_length(pc.replace_substring_regex(texts, MISREAD, "")))
        return {"replacement_character_share": quotient(pc.add(scan.replacements, misread), scan.characters)}
