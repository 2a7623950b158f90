"""``gongkai reread``: a newer reader, run over the archive's WARC files without a request.

``compare`` reads what other readers have read and sets both side by side; ``report`` counts what that gains, loses and
changes; ``replace`` writes it: first into the log, then, from there, into the database.
"""

from archive.reread.compare import Compared, compare
from archive.reread.replace import replace_readings
from archive.reread.report import Report

__all__ = ["Compared", "Report", "compare", "replace_readings"]
