"""Where personal data and secrets stand in texts: anchors found in bulk by numpy, a closer look only at what lies around them."""

from .find import Spans, found_in, spans_of
from .kinds import FAMILIES, KINDS, NATIONAL, Kind, family_of, kinds_of, needs_of

__all__ = ["FAMILIES", "KINDS", "NATIONAL", "Kind", "Spans", "family_of", "found_in", "kinds_of", "needs_of", "spans_of"]
