"""The report of a run: one page of HTML that needs nothing but a browser."""

from .writing import NAME, Report, make, write

__all__ = ["NAME", "Report", "make", "write"]
