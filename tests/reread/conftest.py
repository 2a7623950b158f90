"""A lab for each test."""

from pathlib import Path

import pytest

from tests.reread.lab import Lab


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lab:
    return Lab(tmp_path, monkeypatch)
