"""Downloader middlewares: the gate, robots.txt, retries with patience, redirects within the portal."""
