"""Reads what asks for nothing: thanks, greetings, approval without an order."""

import re

from .outcome import Change, Doubt, Now
from .said import Said

_NICE = re.compile(
    r"(?:(?:ok(?:ay)?|thanks?(?: you)?(?: (?:a lot|so much|very much))?|thx|ty|cheers|great|good|perfect|nice|cool|awesome|excellent|fine|"
    r"super|wow|hi|hello|hey|good (?:morning|day|evening|job|work)|"
    r"looks? (?:good|great|fine|right)|sounds good|that(?:'s| is) (?:good|great|fine|better|perfect|it|all|right|ok(?:ay)?)|(?:much "
    r")?better|well done|love it|hm+|i see|got it|right|alright|all good|good enough|"
    r"yes|yep|yeah|sure|correct|exactly|interesting|there|everyone|very|much)[\s,.!:)]*)+"
)


def read(said: Said, now: Now) -> Change | Doubt | None:
    """Such a message and nothing else."""
    if not _NICE.fullmatch(said.whole.lower().strip()):
        return None
    return Change((), "the recipe stays as it is; say “run” to run it")
