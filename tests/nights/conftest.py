"""Sixty nights, lived once; many tests look at them."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from archive.urls import document_id
from crawler.practice.chronicle import Chronicle
from crawler.practice.sixty_nights import sixty_nights
from crawler.practice.verity import Expected, truth
from tests.crawl.harness import ROOT, Bench
from tests.nights.harness import Night, read_journal

PORTAL = "living"


@dataclass(frozen=True)
class Lived:
    """An archive after sixty nights and a full run, and what was to be reported of them."""

    chronicle: Chronicle
    truth: tuple[Expected, ...]
    nights: Sequence[Night]
    full: Night  # the run after them
    bench: Bench

    def id(self, path: str) -> str:
        """The id of the document at an address."""
        return document_id(PORTAL, self.nights[0].origin + path)


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Read it, do not change it."""
    folder, chronicle = tmp_path_factory.mktemp("nights"), sixty_nights()
    done = subprocess.run(
        [sys.executable, "-m", "tests.nights.harness", str(folder), str(chronicle.calendar.nights)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
    )
    shown = done.stdout + done.stderr
    assert done.returncode == 0, shown
    assert "Traceback" not in shown, shown
    *nights, full = read_journal(folder)
    return Lived(chronicle, truth(chronicle), nights, full, Bench(folder))
