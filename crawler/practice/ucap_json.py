"""A portal of UCAP (开普) whose lists are filled by script, with the traps of the real ones.

``/searchList/<channel>`` as csrc has it, where only an external script names the service;
``/common/search/<channel>`` as 黑龙江 has it; ``/es-search/search/<channel>`` as 成都 has it, which wants a template of
its own and gives ten rows at most; ``loadData`` over POST as 苏州 has it, behind a frame that a script chooses (宜春).
One channel declares more than it gives. Metadata come in ``domainMetaList``, addresses without scheme.
"""

from collections.abc import Sequence
from functools import partial

from archive.vocabulary import WalkEnd
from crawler.practice import markup
from crawler.practice.library import editions, notices, reports, take
from crawler.practice.markup import Frame, stated
from crawler.practice.model import (
    ColumnTruth,
    DocumentTruth,
    ExternalRow,
    Page,
    Plan,
    PracticeDocument,
    PracticePortal,
    Site,
    Truth,
)
from crawler.practice.pdf import attachment_truth
from crawler.practice.services import detail_pages
from crawler.practice.ucap_json_pages import (
    LABELS,
    LOAD_DATA,
    SITE,
    Channel,
    Row,
    detail_html,
    file_path,
    list_html,
    load_data,
    path,
    service,
    shell,
)

_RULES = Channel(
    "c110001", "zfxxgk_gfxwjk", "规范性文件", "/searchList",
    "read to its last page; one row leads to another site's host",
    external=(("//www.linxian.example/lxrmzf/c200014/202103/9a0b47b11d72f4ea0d8b4fd7e6c3d5a1.shtml",
               "临县人民政府关于公布规范性文件清理结果的通知", "2021-03-05 09:30", None),),
)  # fmt: skip
_YEARLY = Channel("c110002", "zfxxgk_search", "政府信息公开年报", "/common/search", "one page")
_NOTICES = Channel(
    "c110003", "list", "通知公告", "/es-search/search", "read to its last page, ten rows at a time", most=10
)
_OFFICES = Channel(
    "dfk1291", "navs_list", "部门文件", LOAD_DATA,
    "one page, asked for by POST", most=15, shell=True,
)  # fmt: skip
_PUBLIC = Channel(
    "c110005", "xxgk_list", "公示公告", "/searchList", "page 2 is 404 while the total is larger", served=20
)


def build(plan: Plan) -> Site:
    stock = editions(notices())
    frame = Frame(
        "典范市人民政府", PORTAL.site_id_code, plan.origin.partition("://")[2],
        tuple((channel.name, channel.entry) for channel in (_RULES, _YEARLY)),
    )  # fmt: skip
    filled = (
        (_RULES, take(stock, 20 * plan.scale + 3, plan, _RULES.name)),
        (_YEARLY, take(editions(reports(), first=500_001), 7, plan, _YEARLY.name)),
        (_NOTICES, take(stock, 15 * plan.scale, plan, _NOTICES.name)),
        (_OFFICES, take(stock, 9, plan, _OFFICES.name)),
        (_PUBLIC, take(stock, 22, plan, _PUBLIC.name)),
    )
    pages: dict[str, Page] = {
        "/": markup.home(frame, [(channel.name, channel.entry) for channel, _ in filled]),
        f"/{SITE}/c110000/xxgk_bmtt.shtml": markup.still(shell(frame)),
    }
    for channel, documents in filled:
        rows = _rows(plan, channel, documents)
        shown = () if channel.name in plan.emptied else rows
        pages[channel.path] = markup.still(list_html(plan, frame, channel))
        if channel is _OFFICES:
            pages[channel.service] = partial(load_data, plan, {channel.id: shown})
        else:
            pages[f"{channel.service}/{channel.id}"] = partial(service, plan, channel, shown, len(rows))
        pages |= detail_pages(
            documents, partial(path, channel), partial(file_path, channel), partial(detail_html, frame, channel)
        )
    listed = [(channel, documents[: channel.served]) for channel, documents in filled]
    return Site(
        pages,
        {path(channel, document): document.key for channel, documents in filled for document in documents},
        tuple(("ucap", plan.origin + channel.entry) for channel, _ in filled),
        Truth(
            tuple(_column_truth(plan, channel, documents) for channel, documents in filled),
            tuple(_truth(plan, channel, document) for channel, documents in listed for document in documents),
            tuple(
                ExternalRow("http:" + url, title, channel.name)
                for channel, _ in filled
                for url, title, _, _ in channel.external
            ),
        ),
        frozenset((LOAD_DATA,)),
    )


def _rows(plan: Plan, channel: Channel, documents: Sequence[PracticeDocument]) -> list[Row]:
    start = {1: plan.origin, 2: ""}.get(plan.variation, plan.origin.removeprefix("http:"))
    rows: list[Row] = [
        (start + path(channel, document), document.title, document.date_published, document) for document in documents
    ]
    rows[1:1] = channel.external
    return rows


def _column_truth(plan: Plan, channel: Channel, documents: Sequence[PracticeDocument]) -> ColumnTruth:
    total = len(documents) + len(channel.external)
    end = WalkEnd.PAGE_MISSING if channel.served else WalkEnd.LAST_PAGE
    return ColumnTruth(channel.name, plan.origin + channel.entry, total, channel.served or total, end, channel.why)


def _truth(plan: Plan, channel: Channel, document: PracticeDocument) -> DocumentTruth:
    fields = ("date_published", "keywords", *(field for _, field in LABELS))
    files = tuple(
        attachment_truth(document, name, plan.origin + file_path(channel, document, number))
        for number, name in enumerate(document.attachments)
    )
    url = plan.origin + path(channel, document)
    values = stated(document, fields)
    return DocumentTruth(document, url, (channel.name,), values, files)


PORTAL = PracticePortal("ucap-json", "典范市人民政府（练习）", "510499", "5104990001", build)
