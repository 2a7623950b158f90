"""The pages of the gkmlpt platform: shell, list API, detail. Pure functions; :mod:`crawler.practice.gkmlpt` fills them.

Shapes follow the platform as public clients describe it: an inline JavaScript object with SID and TREE, a JSON list
API whose pages 0 and 1 are the same, detail pages with the body in ``DETAIL`` and the metadata in ``div.classify``.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from html import escape

from archive.clock import CHINA
from crawler.practice.markup import Frame, article_metas, body_html
from crawler.practice.model import Answer, PracticeDocument, Visit

BATCH = 20  # rows of an API page; the platform's own is 100, and not kept to exactly

Node = dict[str, object]


@dataclass(frozen=True, slots=True)
class Branch:
    """A site of the platform: the city itself, or a department under a path of its own, with its own SID."""

    path: str  # "" or "/zjj"
    sid: str
    name: str
    scheme: str  # of the addresses of attachments
    past_the_end: int  # status of an API page behind the last one


@dataclass(frozen=True, slots=True)
class Article:
    """An entry of the list API. One without a ``document`` stands on another site."""

    id: int
    title: str
    url: str
    published: str  # YYYY-MM-DD HH:MM
    document: PracticeDocument | None = None
    links: tuple[tuple[str, str], ...] = ()  # (URL, file name) of its attachments


@dataclass(frozen=True, slots=True)
class Category:
    """A node of the tree with its entries; the API gives the first ``served`` of them and then answers 404."""

    id: int
    name: str
    articles: tuple[Article, ...]
    served: int
    why: str = ""
    emptied: bool = False

    @property
    def post_count(self) -> int:
        return len(self.articles)

    @property
    def batches(self) -> list[tuple[Article, ...]]:
        """The API's pages, uneven on purpose: full, three short, one short, full …"""
        rest = () if self.emptied else self.articles[: self.served]
        found: list[tuple[Article, ...]] = []
        while rest:
            size = BATCH - (0, 3, 1)[len(found) % 3]
            found.append(rest[:size])
            rest = rest[size:]
        return found


def node(category: Category, parent: int = 0, children: tuple[Node, ...] = (), jump_url: str = "") -> Node:
    """A category in ``TREE``."""
    return {
        "id": category.id,
        "name": category.name,
        "parent": parent,
        "children": children,
        "jump_url": jump_url,
        "post_count": category.post_count,
    }


def shell(frame: Frame, branch: Branch, tree: list[Node]) -> str:
    """What a browser gets before its scripts fill it."""
    main = f'{_config(branch, tree, "null")}\n<div id="app"></div>'
    return frame.page("政府信息公开目录", main, path=("政府信息公开",))


def _config(branch: Branch, tree: list[Node], detail: str) -> str:
    """An object literal of JavaScript, not JSON; what follows ``TREE:`` and ``DETAIL:`` is JSON."""
    return f"""<script>
    window._CONFIG = {{
        SITE_NAME: '{branch.name}', // 站点
        SID: '{branch.sid}',
        BASE: '{branch.path}/gkmlpt',
        TREE: {_json(tree)}, SERVICE_AREA_ID: '',
        DETAIL: {detail},
        THEME: {{color: '#1890ff', "note": '}}'}}
    }};
</script>"""


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003C").replace(">", "\\u003E")


def list_page(branch: Branch, category: Category, visit: Visit) -> Answer:
    """A page of the list API. Page 0 is page 1; a foreign SID finds nothing."""
    page = visit.query.get("page", "1")
    number = max(int(page), 1) if page.isdigit() else 1
    batches = category.batches if visit.query.get("sid", branch.sid) == branch.sid else []
    if number > max(len(batches), 1) and branch.past_the_end != 200:
        return Answer("<html><body><h1>404 Not Found</h1></body></html>", branch.past_the_end)
    count = category.post_count
    body = {
        "classify": {"id": category.id, "name": category.name, "post_count": count, "theme_count": count},
        "total": count,
        "articles": [_entry(category, article) for article in (batches[number - 1] if number <= len(batches) else ())],
    }
    return Answer(json.dumps(body, ensure_ascii=False), mime="application/json")


def _entry(category: Category, article: Article) -> dict[str, object]:
    published = _epoch(article.published)
    document = article.document
    return {
        "id": article.id,
        "title": article.title,
        "document_number": document.doc_number if document else "",
        "identifier": document.index_number if document else "",
        "publisher": document.publisher if document else "",
        "keywords": document.keywords if document else "",
        "abstract": document.abstract if document else "",
        "date": _epoch(document.date_made + " 00:00") if document else published,
        "created_at": article.published + ":12",
        "create_time": published,
        "first_publish_time": published,
        "display_publish_time": published,
        "classify_main_name": document.catalogue_category if document else category.name,
        "classify_genre_name": document.genre if document else "",
        "classify_theme_name": document.topic_category if document else "",
        "is_expired": int(document is not None and document.validity == "失效"),
        "is_abolished": 0,
        "relation": "[]",
        "attachment": [
            {"id": number, "name": name, "type": "file", "mime": "application/pdf", "size": "0", "url": url}
            for number, (url, name) in enumerate(article.links, 24_101)
        ],
        "url": article.url,
        "post_url": article.url,
    }


def _epoch(local: str) -> int:
    """``YYYY-MM-DD HH:MM`` in China → Unix seconds."""
    return int(datetime.fromisoformat(local).replace(tzinfo=CHINA).timestamp())


def detail(frame: Frame, branch: Branch, document: PracticeDocument, article: Article) -> str:
    """The page of one of the site's own articles."""
    content = body_html(document, '<p style="text-indent: 2em;">{}</p>')
    files = "".join(
        f'<p><a class="nfw-cms-attachment" href="{escape(url)}" alt="{escape(name)}">点击下载</a></p>'
        for url, name in article.links
    )
    data = {"id": article.id, "title": article.title, "document_number": document.doc_number, "content": content}
    main = f"""{_config(branch, [], _json(data))}
<div class="content">
{_classify(document)}
<h1 class="title">{escape(document.title)}</h1>
<div class="date-row">发布时间：{document.date_published}　来源：{escape(document.publisher)}
<span class="font">字号：<a>大</a> <a>中</a> <a>小</a></span> <a class="print">打印</a></div>
<div class="article-content">
{content}
{files}
</div>
<div class="share">分享到：<a>微信</a> <a>微博</a></div>
</div>"""
    name = document.catalogue_category
    return frame.page(document.title, main, article_metas(document, name), ("政府信息公开", name))


def _classify(document: PracticeDocument) -> str:
    """Without ``tbody``, and an empty ``span`` for an empty value, as the platform serves it."""

    def cell(label: str, value: str, wide: str = "-xl") -> str:
        return f'<td>{label}:</td><td class="td-value{wide}"><span>{escape(value)}</span></td>'

    return f"""<div class="classify"><table>
<tr>{cell("索引号", document.index_number)}{cell("分类", document.catalogue_category, "")}</tr>
<tr>{cell("发布机构", document.publisher)}{cell("成文日期", document.date_made, "")}</tr>
<tr><td>名称:</td><td class="td-value" colspan="3"><span>{escape(document.title)}</span></td></tr>
<tr>{cell("文号", document.doc_number)}{cell("发布日期", document.day_published, "")}</tr>
<tr><td>主题词:</td><td class="td-value" colspan="3"><span>{escape(document.keywords)}</span></td></tr>
</table></div>"""
