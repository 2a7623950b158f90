from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ledger.by_hand import Log


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    made = Log(tmp_path)
    yield made
    made.ledger.close()
