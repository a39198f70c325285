"""What can go wrong with a model that is asked.

GatewayError
├── Misconfigured  models.toml or an endpoint in it is wrong    → mend the file; nothing was asked
├── Spent          the call could go over the budget            → raise it or stop; nothing was asked
├── Cancelled      whoever asked wants no answer any more       → stop
├── Unreachable    no connection, or it broke                   → is the server running?
├── TimedOut       silent for too long, or never at an end      → more time, or a smaller question
├── Busy           429 or 5xx, also when asked again            → later
├── Rejected       another 4xx, a redirect                      → key, name of the model, question
└── Unreadable     an answer came, but no use can be made of it → ask again in other words; `text` is what came
"""


class GatewayError(Exception):
    """A question to a model has no answer. The message names alias, host and mend, and never a key."""


class Misconfigured(GatewayError):
    """models.toml cannot be read, an alias is not in it, or an environment variable that it names is not set."""


class Spent(GatewayError):
    """The worst that this call could cost does not fit into what is left of the budget."""


class Cancelled(GatewayError):
    """The caller's `cancelled` said yes. What was heard until then has been paid."""


class Unreachable(GatewayError):
    """The connection was refused, reset, or cut before the end of the answer."""


class TimedOut(GatewayError):
    """No byte within the endpoint's timeout, or no end within the time that the whole call may take."""


class Busy(GatewayError):
    """The server is overloaded or broken at the moment. `after`: seconds it asked to wait, if it said so."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class Rejected(GatewayError):
    """The server understood and refuses. `status`: the HTTP status; `said`: its own words, stripped and cut."""

    def __init__(self, message: str, status: int, said: str = "") -> None:
        super().__init__(message)
        self.status, self.said = status, said


class Unreadable(GatewayError):
    """No JSON, no choices, a web page, nothing, a refusal, or an answer that was cut at its limit of tokens."""

    def __init__(self, message: str, text: str = "") -> None:
        super().__init__(message)
        self.text = text
