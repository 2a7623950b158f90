"""What a page says must not steer the terminal that shows it."""

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def harmless(text: str) -> str:
    """Without control characters, but for tab and line feed."""
    return _CONTROL.sub("\ufffd", text)
