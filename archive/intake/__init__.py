"""From the log to the ledger: the same way in a live run, on start after a crash, and in a rebuild.

A *span* (a stretch of one WARC file) becomes facts in a worker process; the facts are applied in the order of the log.
"""
