"""Golden files: what a test saw once and a person approved.

A missing file is written, and the test fails once to ask for a review. ``GONGKAI_GOLDEN=write`` writes all anew."""

import json
import os
from pathlib import Path

import pytest


def check(path: Path, value: object) -> None:
    """Compare ``value`` (anything that JSON holds) with the golden file at ``path``."""
    written = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("GONGKAI_GOLDEN") == "write":
        _write(path, written)
    elif not path.exists():
        _write(path, written)
        pytest.fail(f"{path.name} was missing and has been written: review it against the page, then run again")
    assert json.loads(written) == json.loads(path.read_text("utf-8")), f"differs from {path}"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
