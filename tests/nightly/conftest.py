"""The nights that many tests look at, lived through once."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.crawl.harness import ROOT, Bench


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of :mod:`tests.nightly.lived`."""
    folder = tmp_path_factory.mktemp("lived")
    words = [sys.executable, "-m", "tests.nightly.lived", str(folder)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def results(lived: Path) -> dict[str, Any]:
    """What :mod:`tests.nightly.lived` wrote down."""
    found: dict[str, Any] = json.loads((lived / "lived.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """An empty archive and an empty folder of portal files."""
    return Bench(tmp_path)
