"""How portals are doing: the verdict of a run, what a portal was like before, and both in words."""

from archive.health.judge import ColumnBalance, judge

__all__ = ["ColumnBalance", "judge"]
