"""Health of portals that were really crawled."""

import json

from crawler.practice import RunningPortal
from tests.crawl.harness import Bench


def test_health_follows_from_the_log_alone(portals: dict[str, RunningPortal], bench: Bench) -> None:
    bench.portal("lonsun", portals["lonsun"].portal_file())
    for _ in range(2):
        bench.gongkai("crawl", "lonsun", status=None)
    told = bench.gongkai("health", "lonsun")
    kept = {name: bench.query(f"SELECT * FROM {name} ORDER BY 1, 2") for name in ("run_columns", "run_fill")}
    assert all(kept.values())
    bench.gongkai("rebuild")
    assert kept == {name: bench.query(f"SELECT * FROM {name} ORDER BY 1, 2") for name in kept}
    assert bench.gongkai("health", "lonsun") == told
    (one,) = json.loads(bench.gongkai("health", "--json", "lonsun"))["portals"]
    assert one["detail"]["codes"], "whose pages they are"
    assert sum(column["held"] for column in one["detail"]["columns"]) == one["totals"]["held"]


def test_a_portal_that_was_rebuilt_is_told_by_its_new_family(portals: dict[str, RunningPortal], bench: Bench) -> None:
    lines = portals["gkmlpt"].portal_file().split("[[column]]")[:2]
    (line,) = (line for line in lines[1].splitlines() if line.startswith("family"))
    bench.portal("gkmlpt", "[[column]]".join(lines).replace(line, 'family = "jpaas"'))
    shown = bench.gongkai("crawl", "gkmlpt", status=1)
    assert "layout_changed: " in shown
    assert (
        'it looks like gkmlpt now (window._CONFIG with SID and TREE; /gkmlpt/ in the address): family = "gkmlpt"'
        in shown
    )
    assert "gongkai probe" in bench.gongkai("health", "gkmlpt")
