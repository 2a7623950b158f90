"""Small portals on loopback, one for each family that matters most, with the traps of the real ones.

    with start() as portals:
        portal = portals["trs"]
        portal.url                     # "http://127.0.0.1:40123/"
        portal.portal_file()           # the TOML to crawl it with; portal_file("政府文件") for some columns only
        portal.truth                   # what a perfect crawl holds: columns, documents, external rows
        portal.requests                # every request so far, headers as sent
        portal.faults = Faults(...)    # what the next request meets; also the portal's next night

Keys: ``gkmlpt``, ``trs``, ``ucap``, ``ucap-json``, ``irs``, ``sousuo``, ``nfcms``, ``hanweb``, ``jpaas``, ``pclist``,
``lonsun``, ``epoint``, ``intertid``, ``ilist``, ``truecms``, ``vsb``, ``extensionless``, ``shaanxi``. Everything is
deterministic: the same scale gives the same documents, addresses (ports apart) and bytes. A family module (``gkmlpt``,
``trs``, ``ucap`` …) is a pure function from a plan to pages and truth; only ``server`` does I/O. One more,
``javascript``, takes a browser to crawl and is served only where it is asked for.

One more lives from night to night: ``living.living()`` serves sixty nights of a small portal, whose documents come,
change, move and go, with its own record of what an honest archive reports of that. ``living.many(40)`` serves that many
quiet ones.

The texts are public documents of Chinese local governments (annual reports and notices on 政府信息公开), cut to size
and freed of telephone numbers and names of persons, in ``documents/*.toml``. Publication days, 索引号, file names and
further editions （二）, （三） … are inventions, and so are the cities 示例市, 样板市 and 示范市 that publish them.
"""

from crawler.practice.barriers import Barrier
from crawler.practice.faults import Faults, Robots, Trouble
from crawler.practice.model import (
    AttachmentTruth,
    ColumnTruth,
    DocumentTruth,
    ExternalRow,
    PracticeDocument,
    PracticePortal,
    Truth,
)
from crawler.practice.portal import PORTAL_FILE_PATH, PORTALS, WITH_BROWSER, Request, RunningPortal
from crawler.practice.server import start

__all__ = [
    "PORTALS",
    "PORTAL_FILE_PATH",
    "WITH_BROWSER",
    "AttachmentTruth",
    "Barrier",
    "ColumnTruth",
    "DocumentTruth",
    "ExternalRow",
    "Faults",
    "PracticeDocument",
    "PracticePortal",
    "Request",
    "Robots",
    "RunningPortal",
    "Trouble",
    "Truth",
    "start",
]
