"""All that keeps and serves what was fetched. It works without a network and knows neither Scrapy nor Twisted.

Data flows one way: ``warc`` (the log) → ``reading`` (capture in, meaning out) → ``ledger`` (SQLite, the view)
→ export, show, verify.
"""
