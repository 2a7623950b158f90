"""The pages of UCAP whose lists come by script: what a browser gets first, what the services answer, details.

Pure functions; :mod:`crawler.practice.ucap_json` fills them. Shapes follow UCAP as public clients describe it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import md5
from html import escape

from crawler.practice.faults import NOT_FOUND
from crawler.practice.markup import Frame, article_metas, body_html, date_zh, stated
from crawler.practice.model import Answer, Plan, PracticeDocument, Visit
from crawler.practice.services import Object, as_json, backwards, page_of, seconds

SITE = "dfsrmzf"
LOAD_DATA = "/szinf/xxgk/interfacesWebZcwj/loadData"
_LOAD_DATA_ROWS = 15
LABELS = (
    ("索 引 号：", "index_number"), ("主题分类：", "topic_category"), ("发布机构：", "publisher"),
    ("成文日期：", "date_made"), ("文&ensp;&ensp;号：", "doc_number"), ("标　　题：", "title"),
    ("有&ensp;效&ensp;性：", "validity"), ("内容概述：", "abstract"),
)  # fmt: skip
_META = (
    ("refno", "文号", "doc_number"), ("indexnumber", "索引号", "index_number"), ("writedate", "成文日期", "date_made"),
    ("theme", "主题分类", "topic_category"), ("source", "来源", "publisher"), ("author", "作者", ""),
)  # fmt: skip
_NOT_ASKED_RIGHT = Answer("<html><body>不支持的请求</body></html>")

Row = tuple[str, str, str, PracticeDocument | None]  # address, title, time, document


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel (栏目), its list page and the service that fills it."""

    code: str
    template: str
    name: str
    service: str
    why: str
    most: int = 20  # rows that the service gives at a time
    served: int | None = None  # rows behind which it answers 404
    shell: bool = False  # whether a frame stands before the list
    external: tuple[Row, ...] = ()

    @property
    def id(self) -> str:
        return md5(f"{SITE}{self.code}".encode(), usedforsecurity=False).hexdigest()

    @property
    def path(self) -> str:
        return f"/{SITE}/{self.code}/{self.template}.shtml"

    @property
    def entry(self) -> str:
        return f"/{SITE}/c110000/xxgk_bmtt.shtml?code={self.code}&temp={self.template}" if self.shell else self.path


def path(channel: Channel, document: PracticeDocument) -> str:
    """Where a document's page is."""
    name = md5(f"{SITE}/{document.number}".encode(), usedforsecurity=False).hexdigest()
    return f"/{SITE}/{channel.code}/{document.date_published[:7].replace('-', '')}/{name}.shtml"


# --- pages that a browser gets before its scripts fill them ---------------------------------------------------------


def list_html(plan: Plan, frame: Frame, channel: Channel) -> str:
    """A list before its script fills it; the variations write that script in other ways."""
    quote = '"' if plan.variation == 3 else "'"
    where = plan.origin if plan.variation == 3 else ""
    usual = f"{quote}?_isAgg=true&_isJson=true&_pageSize={quote} + pageSize + {quote}&_template=index&page={quote} + n"
    script = {
        "/searchList": f'<script src="/{SITE}/xhtml/js/render.js"></script>',  # it alone knows the service
        "/common/search": f"""<script>function load(n) {{
        $.get({quote}{where}/common/search/{quote} + channelId + {usual}, function (res) {{ render(res.data); }});
        }}</script>""",
        "/es-search/search": f"""<script>
        var url = {quote}{where}/es-search/search/{quote} + $('meta[name="channelId"]').attr('content')
            + {quote}?_template=ucap/cdtf&_pageSize={quote} + 20 + {quote}&SORTED_TIME=DESC&page={quote} + cur;
        </script>""",
        LOAD_DATA: f"""<script>$.ajax({{type: "post", url: {quote}{LOAD_DATA}{quote},
        data: {{pageIndex: cur, channel_id: channelId}}}});</script>""",
    }[channel.service]
    metas = [("ColumnName", channel.name), ("ColumnType", channel.name)]
    if plan.variation == 2 and channel.service != "/searchList":
        script = f"<script>var channelId = '{channel.id}';</script>" + script
    else:
        metas.append(("channelid" if plan.variation == 1 else "channelId", channel.id))
    main = f"""<div class="list_right"><h2>{escape(channel.name)}</h2>
<ul id="list" class="listContent"></ul><div id="page_div" class="pagination"></div>
{script}
</div>"""
    return frame.page(channel.name, main, metas, ("政府信息公开", channel.name))


def shell(frame: Frame) -> str:
    """A page whose script puts the list that its address names into a frame."""
    main = f"""<iframe id="content" width="100%"></iframe><script>
var code = getQuery("code"), temp = getQuery("temp");
document.getElementById("content").src = "/{SITE}/" + code + "/" + temp + ".shtml";
</script>"""
    return frame.page("部门信息公开", main, (("channelId", md5(b"shell").hexdigest()),), ("政府信息公开",))


# --- services -------------------------------------------------------------------------------------------------------


def service(plan: Plan, channel: Channel, rows: Sequence[Row], total: int, visit: Visit) -> Answer:
    """A page of a channel's rows, as ``searchList``, ``common/search`` and ``es-search`` give it."""
    number, size = visit.query.get("page", "1"), visit.query.get("_pageSize", "15")
    if channel.most == 10 and visit.query.get("_template") != "ucap/cdtf":
        rows = ()
    elif channel.most != 10 and visit.query.get("_isJson") != "true":
        return _NOT_ASKED_RIGHT
    given = min(int(size) if size.isdecimal() else 15, channel.most)
    if channel.served and number != "1":
        return NOT_FOUND
    batch: Object = {
        "page": int(number),
        "rows": given,
        "channelId": channel.id,
        "channelName": channel.name,
        "total": total,
        "results": [_result(plan, channel, row, place) for place, row in enumerate(page_of(rows, number, given))],
    }
    if plan.variation == 1:
        batch = {name: value for name, value in batch.items() if name not in ("page", "rows")} | {"total": str(total)}
    if channel.most == 10:
        return as_json(batch)
    return as_json({"results": {"data": batch}} if plan.variation == 3 else {"code": 200, "data": batch})


def _result(plan: Plan, channel: Channel, row: Row, place: int) -> object:
    url, title, time, document = row
    values = stated(document, [field for _, _, field in _META if field]) if document else {}
    meta = [
        {"name": name, "value": values.get(field, "null" if plan.variation == 2 else ""), "key": key}
        for key, name, field in _META
    ]
    result: Object = {
        "title": title,
        "subTitle": "",
        "content": "　　".join(document.paragraphs) if document else "",
        "contentHtml": f"<p>{escape(title)}</p>",
        "memo": document.abstract if document else None,
        "url": url,
        "publishedTime": seconds(time) * 1000,
        "publishedTimeStr": time + ":00",
        "channelName": channel.name,
        "channelCodeName": channel.code,
        "manuscriptId": url[-38:-6],
        "resList": [],
        "domainMetaList": [{"domainMetadataName": "政策文件信息", "resultList": meta}],
    }
    if plan.variation == 1:
        result |= {"titleHtml": f"<em>{escape(title[:2])}</em>{escape(title[2:])}", "title": None}
    if plan.variation == 2:
        del result["publishedTimeStr"]
        result["domainMetaList"] = None if place % 2 else result["domainMetaList"]
    if plan.variation == 3:
        result["publishedTimeStr"] = date_zh(time[:10])
    return backwards(result) if plan.variation else result


def load_data(plan: Plan, channels: Mapping[str, Sequence[Row]], visit: Visit) -> Answer:
    """Suzhou's: a form goes in, names in capitals come out."""
    if visit.method != "POST" or "x-www-form-urlencoded" not in visit.headers.get("content-type", ""):
        return _NOT_ASKED_RIGHT
    rows = channels.get(visit.form.get("channel_id", ""), ())
    found = [
        {
            "TITLE": title,
            "URL": url,
            "C_WJBH": document.doc_number if document else "",
            "C_SYH": document.index_number if document else "",
            "C_FWRQ_FORMAT": document.date_made if document else "",
            "PUBLISHED_TIME_FORMAT": time[:10],
            "MANUSCRIPT_ID": url[-38:-6],
            "CHANNEL_ID": visit.form.get("channel_id"),
        }
        for url, title, time, document in page_of(rows, visit.form.get("pageIndex", "1"), _LOAD_DATA_ROWS)
    ]
    if plan.variation == 3:
        found = [{name.lower(): value for name, value in row.items()} for row in found]
    return as_json({"data": {"allRow": len(rows), "totalPage": -(-len(rows) // _LOAD_DATA_ROWS), "list": found}})


# --- details --------------------------------------------------------------------------------------------------------


def file_path(channel: Channel, document: PracticeDocument, number: int) -> str:
    """Where a document's file is."""
    return f"{path(channel, document).removesuffix('.shtml')}/files/{document.number:08d}{number}.pdf"


def detail_html(frame: Frame, channel: Channel, document: PracticeDocument) -> str:
    """A document's page."""
    values = stated(document, [field for _, field in LABELS])
    head = "\n".join(
        f'<dd class="addWidth"><label><font>{label}</font></label>'
        f'<div class="display-block">{escape(values.get(field, ""))}</div></dd>'
        for label, field in LABELS
    )
    files = "".join(
        f'<p><a href="{file_path(channel, document, number)}">{escape(name)}</a></p>'
        for number, name in enumerate(document.attachments)
    )
    main = f"""<div class="xxgkml-content"><dl>
{head}
</dl></div>
<div class="article">
<h1><UCAPTITLE>{escape(document.title)}</UCAPTITLE></h1>
<div class="article-attr clearfix"><span class="date">时间：<b><PUBLISHTIME>{document.date_published}</PUBLISHTIME></b>
</span><span class="source">来源：<b>{escape(document.publisher)}</b></span></div>
<div class="article-content" id="zoomcon"><UCAPCONTENT>
{body_html(document, '<p style="text-indent: 2em;">{}</p>', '<table border="1">')}
</UCAPCONTENT></div>
<div class="article-appendix{"" if files else " none"}">{files}</div>
</div>
<script>var websiteCode = "{SITE}", manuscriptId = "{path(channel, document)[-38:-6]}";</script>"""
    return frame.page(document.title, main, article_metas(document, channel.name), ("政府信息公开", channel.name))
