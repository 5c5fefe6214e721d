"""Patterns for a loom."""

from weave._shuttle import Shuttle, colours, define, merge, pattern

try:
    from weave._draft import repeats, treadle
except ImportError:
    from weave.draft import repeats, treadle

__all__ = ["Shuttle", "colours", "define", "merge", "pattern", "repeats", "treadle"]
