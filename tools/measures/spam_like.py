"""Whether a text reads like advertising that nobody asked for."""

from functools import cache
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tools.contract import Bounded, Card, Columns, Desk, Example, Scan
from tools.digest import hashes

from .shape import solid
from .spam_weights import BIAS, WEIGHTS

Feature = npt.NDArray[np.float64]
WORDS = {
    "prize words": """win winner winning won prize prizes award awarded bonus selected chosen lucky congratulations congrats claim guaranteed draw
        voucher""",
    "money words": """cash money credit loan loans debt income profit earn savings save discount cheap cheapest rates price offer offers sale deal""",
    "free words": """free complimentary gift trial unlimited extra double latest exclusive special limited""",
    "call words": """call calls dial text txt txts reply send sms msg msgs ring landline
        mobile mob phone nokia camcorder tone tones ringtone ringtones""",
    "terms": """stop unsubscribe optout opt-out cancel end terms t&c t&c's t&cs tc apply subscribed subscription subscriber service charged cost
        costs only min mins p/min per week weekly wkly 18 18+ over18""",
    "urgency": """urgent urgently now today immediately asap hurry expires expire expiry attempt attempts final last important notice valid""",
    "shop words": """order buy click visit www shop online website access customer customers account statement delivery club members join collect
        collection""",
    "romance": """date dating singles sexy sex girls adult xxx chat hot babes flirt admirer crush fantasies""",
    "talk": """i i'm im me my i'll ill you're ur he she him her we us our ok okay lol haha yeah ya hey home going gonna later sorry love tomorrow
        tonight think know want come got did didn't da wat lor dont don't can't cant it's its that's still about how where when what why""",
}  # fmt: skip
PATTERNS = {
    "addresses": (r"(?i)https?://|www\.|\.(?:com|co\.uk|net|org)\b", 2),
    "long numbers": (r"\d{5,}", 3),
    "currency": "[$€£]",
    "marks of exclamation": "!",
    "marks of question": r"\?",
    "ellipses": r"\.\.",
}
MOST = 3  # more of one kind says no more
MESSAGE = 160  # characters: what a longer text has is counted for so many of them


class SpamLike(Bounded):
    """Score how much a text reads like spam, from 0 to 1: prizes, prices, numbers to call, capitals, addresses. Above 0.5 it probably is.

    A logistic model over hand-made features of English text, trained on the messages of the SMS Spam Collection alone: on the third of
    them that it never saw, at 0.5, its precision is 0.993 and its recall 0.882. It takes 2% of the paragraphs of an encyclopaedia, 3%
    of news and 14% of the pages of a software manual for spam too: look at what goes before you drop it.
    """

    card: ClassVar[Card] = Card(
        stage="score",
        reads={"text": pa.string()},
        adds={"spam_like": pa.float64()},
        exact=True,
        micros_per_row=90.0,
        paper="doi:10.1145/2034691.2034742",
        licence="weights: trained on data under CC BY 4.0, see NOTICE",
        aliases=(
            "spam",
            "spam like",
            "looks like spam",
            "reads like spam",
            "spam messages",
            "no spam",
            "spammy texts",
            "advertising",
            "unwanted advertising",
            "promotional messages",
            "scam messages",
            "junk messages",
        ),
        not_for=("keyword lists of the web: use stop_words", "texts that repeat: use duplicate_line_share", "other languages than English"),
        examples=(
            Example(
                params={"at_most": 0.5},
                given={"text": ["WINNER! Claim your FREE prize now, call 09061701461. T&C's apply", "See you at home later, ok?"]},
                keeps=(1,),
                drops={0: "spam_like"},
            ),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        texts = batch["text"]
        score = np.full(len(texts), BIAS)
        for name, values in features(texts, desk.scan(texts)).items():  # one by one: a product of matrices may round by batch
            score += WEIGHTS[name] * values
        return {"spam_like": pa.array(np.round(1 / (1 + np.exp(-np.clip(score, -30, 30))), 6), pa.float64())}


def features(texts: pa.Array, scan: Scan) -> dict[str, Feature]:
    """What the score is made of, each between 0 and about 1, by name."""
    characters, letters = np.maximum(solid(scan).to_numpy(), 1.0), np.maximum(scan.alphabetic.to_numpy(), 1.0)
    messages = np.maximum(characters / MESSAGE, 1.0)
    found = {
        "length": np.minimum(characters / MESSAGE, 1.0),
        "digits": np.minimum(5 * scan.digits.to_numpy() / characters, 1.0),
        "capitals": np.minimum(3 * scan.uppercase.to_numpy() / letters, 1.0),
    }
    for name, pattern in PATTERNS.items():
        regex, most = pattern if isinstance(pattern, tuple) else (pattern, MOST)
        found[name] = np.minimum(pc.count_substring_regex(texts, regex).to_numpy() / messages, most) / most
    words = scan.word_hashes
    rows, said = pc.list_parent_indices(words), words.flatten()
    for name in WORDS:
        counts = np.bincount(rows.filter(pc.is_in(said, value_set=_hashed(name))).to_numpy(), minlength=len(texts))
        found[name] = np.minimum(counts / messages, MOST) / MOST
    return found


@cache
def _hashed(name: str) -> pa.Array:
    words = sorted(set(WORDS[name].split()))
    return pa.array(hashes(pa.array(words, pa.string())))
