"""One undisturbed crawl of all practice portals, which many tests look at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler import practice
from crawler.practice import RunningPortal
from tests.crawl.harness import Bench


@pytest.fixture(scope="session")
def portals() -> Iterator[dict[str, RunningPortal]]:
    """All practice portals, without faults."""
    with practice.start() as running:
        yield running


@pytest.fixture(scope="session")
def crawled(portals: dict[str, RunningPortal], tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """An archive that holds all of them. Read it, do not change it."""
    bench = Bench(tmp_path_factory.mktemp("crawled"), portals.values())
    bench.gongkai("crawl", *sorted(portals), status=1)  # the traps make the verdicts partial
    return bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """An empty archive and an empty folder of portal files."""
    return Bench(tmp_path)
