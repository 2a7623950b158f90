"""The canonical fields of a document: their names, standard Chinese terms, and the kind of value each holds.

Names follow 政府信息公开条例 art. 12, 《政府信息公开目录系统实施指引（试行）》 and, for the site and the column,
政府网站发展指引 (国办发〔2017〕47号).
"""

from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """How a value is brought into canonical form (see :mod:`archive.reading.values`)."""

    TEXT = auto()  # one line of text, white space collapsed
    TITLE = auto()
    CODE = auto()  # an identifier: no white space at all
    ORGAN = auto()  # one organ
    ORGANS = auto()  # several, leading organ first, joined by ；
    DOC_NUMBER = auto()  # 发文字号: CODE〔YEAR〕N号, several joined by 、
    DATE = auto()  # YYYY-MM-DD in China's calendar
    LAST_DATE = auto()  # the last date of a value that may be a period: 有效期 2020年1月1日至2025年1月1日
    WORD = auto()  # a word of a closed vocabulary
    TIME_LIMIT = auto()  # permanent, until:YYYY-MM-DD, workdays:N
    PATH = auto()  # levels joined by a backslash; 、 belongs to the names
    LIST = auto()  # items joined by ；
    DERIVED = auto()  # follows from another field; no label of its own


@dataclass(frozen=True, slots=True)
class Field:
    """``of_document`` is false for what describes the site or the column: it is no part of a document's content."""

    name: str
    zh: str
    kind: Kind
    of_document: bool = True


_ALL = (
    Field("title", "标题", Kind.TITLE),
    Field("issuer", "发文机关", Kind.ORGANS),
    Field("joint_issuers", "联合发文单位", Kind.ORGANS),
    Field("publisher", "发布机构", Kind.ORGAN),
    Field("responsible_dept", "公开责任部门", Kind.ORGAN),
    Field("source", "信息来源", Kind.TEXT),
    Field("doc_number", "发文字号", Kind.DOC_NUMBER),
    Field("doc_number_key", "发文字号检索码", Kind.DERIVED),
    Field("index_number", "索引号", Kind.CODE),
    Field("unified_number", "规范性文件统一编号", Kind.CODE),
    Field("date_made", "成文日期", Kind.DATE),
    Field("date_issued", "印发日期", Kind.DATE),
    Field("date_promulgated", "公布日期", Kind.DATE),
    Field("date_published", "发布日期", Kind.DATE),
    Field("date_indexed", "编目日期", Kind.DATE, of_document=False),
    Field("date_effective", "施行日期", Kind.DATE),
    Field("date_expired", "废止日期", Kind.LAST_DATE),
    Field("disclosure_method", "公开方式", Kind.WORD),
    Field("disclosure_scope", "公开范围", Kind.WORD),
    Field("disclosure_time_limit", "公开时限", Kind.TIME_LIMIT),
    Field("disclosure_channel", "公开形式", Kind.LIST),
    Field("disclosure_procedure", "公开程序", Kind.TEXT),
    Field("topic_category", "主题分类", Kind.PATH),
    Field("genre", "体裁分类", Kind.TEXT),
    Field("audience_category", "服务对象分类", Kind.PATH),
    Field("catalogue_category", "组配分类", Kind.PATH),
    Field("keywords", "主题词", Kind.LIST),
    Field("validity", "时效性", Kind.WORD),
    Field("legal_level", "效力级别", Kind.WORD),
    Field("abstract", "内容概述", Kind.TEXT),
    Field("addressees", "主送机关", Kind.TEXT),
    Field("signer", "签发人", Kind.TEXT),
    Field("language", "语种", Kind.TEXT),
    Field("carrier", "载体类型", Kind.TEXT),
    Field("remarks", "备注", Kind.TEXT),
    Field("platform", "公开平台", Kind.TEXT, of_document=False),
    Field("breadcrumb", "当前位置", Kind.PATH, of_document=False),
    Field("site_name", "网站名称", Kind.TEXT, of_document=False),
    Field("site_domain", "网站域名", Kind.CODE, of_document=False),
    Field("site_id_code", "网站标识码", Kind.CODE, of_document=False),
    Field("column_name", "栏目名称", Kind.TEXT, of_document=False),
    Field("column_type", "栏目类别", Kind.TEXT, of_document=False),
)

FIELDS: dict[str, Field] = {field.name: field for field in _ALL}
"""Every canonical field by its name, in the order of a reading."""
