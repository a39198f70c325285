"""Evidence for a plan: the door is `verify`."""

from .verifier import Evidence, verify

__all__ = ["Evidence", "verify"]
