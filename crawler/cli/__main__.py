"""``python -m crawler.cli``: the command where it is not installed."""

from crawler.cli import main

main()
