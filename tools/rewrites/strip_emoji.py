"""Take emoji out of texts."""

from typing import ClassVar

import pyarrow as pa
from pydantic import Field

from tools.characters import EMOJIS
from tools.contract import Card, Columns, Desk, Example, Rewrite

from .taken_out import replaced, taken_out

PICTURE = "[" + "".join(rf"\x{{{low:x}}}-\x{{{high:x}}}" for low, high in EMOJIS) + "]"
# what makes one picture of several, or another of one: selectors, joiners, the letters behind a flag; a joiner alone is one of a script
MARKED = r"[♀♂©®™‼⁉↔-↙↩↪Ⓜ▪▫▶◀◻◼☑☠☢☣☮☯⚒-⚗✂✈✉✏✔✖✝✡❤➡⤴⤵⬅-⬇]\x{fe0f}"
EMOJI = rf"(?:{PICTURE}[\x{{fe0e}}\x{{fe0f}}\x{{20e3}}\x{{e0020}}-\x{{e007f}}]*\x{{200d}}?(?:[♀♂⚕⚖✈❤➡⬛]\x{{fe0f}}?)?)+|{MARKED}"
KEYCAP = r"\x{fe0f}?\x{20e3}"  # the ring about a digit: the digit stays
HINT = rf"{PICTURE}|[\x{{fe0f}}\x{{20e3}}]"


class StripEmoji(Rewrite):
    """Take emoji out, those of several parts whole: families, flags, skin tones. Digits in a ring become digits.

    A space that would be left over goes too. Pictures that are also signs of text, such as ✔ or ™, go where they are marked as emoji.
    Smileys of letters, such as `:-)`, stay.
    """

    replacement: str = Field(default="", description="What stands in place of a run of emoji; empty: nothing.")

    card: ClassVar[Card] = Card(
        stage="normalise",
        reads={"text": pa.string()},
        adds={"text": pa.string()},
        exact=True,
        micros_per_row=2.5,
        proof="none of 761 emoji is left in 22,496 tweets, reviews and manuals (2026-11-28)",
        paper="Unicode Technical Standard #51",
        aliases=("strip emoji", "remove emojis", "no emojis in the text", "delete emoticons", "drop smileys", "without emoji", "take out pictograms"),
        not_for=("rows that are mostly emoji: use emoji_share", "other signs: use replace"),
        examples=(
            Example(
                given={"text": ["Well done 👍🏽!", "👩‍👩‍👧 is 🇩🇪 here", "1️⃣ ✔️ ok", "plain :-)", "क्‍ष"]},
                gives={"text": ["Well done!", "is here", "1 ok", "plain :-)", "क्‍ष"]},
            ),
            Example(params={"replacement": "[emoji]"}, given={"text": ["Hi 😀😀 you"]}, gives={"text": ["Hi [emoji] you"]}),
        ),
    )

    def rewrite(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        bare = replaced(batch["text"], r"\x{20e3}", KEYCAP, "")
        return {"text": replaced(bare, HINT, EMOJI, self.replacement) if self.replacement else taken_out(bare, HINT, EMOJI)}
