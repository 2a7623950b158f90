"""``python -m crawler.practice [--port N] [--scale N] [KEY…]``: serve the portals in the foreground, to try by hand."""

import argparse
import sys
import threading

from crawler.practice import PORTAL_FILE_PATH, PORTALS, WITH_BROWSER, start


def main() -> int:
    """Serve until interrupted. Exit status 2 for a port that is taken."""
    parser = argparse.ArgumentParser(prog="python -m crawler.practice", description="Serve the practice portals.")
    parser.add_argument("keys", nargs="*", metavar="KEY", help=f"one of: {', '.join(PORTALS)} (default: all)")
    parser.add_argument("--port", type=int, default=0, help="first of consecutive ports (default: free ones)")
    parser.add_argument("--scale", type=int, default=1, help="multiplies the number of documents")
    options = parser.parse_args()
    unknown = sorted(set(options.keys) - set(PORTALS) - set(WITH_BROWSER))
    if unknown:
        parser.error(f"no such portal: {', '.join(unknown)}; there are: {', '.join((*PORTALS, *WITH_BROWSER))}")
    try:
        with start(options.keys or None, port=options.port, scale=options.scale) as portals:
            for portal in portals.values():
                print(f"{portal.key:8}{portal.url:28}portal file: {portal.url.rstrip('/')}{PORTAL_FILE_PATH}")
            print("Ctrl-C stops them.", flush=True)
            threading.Event().wait()
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        print(f"port {options.port}: {error.strerror}; choose another with --port", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
