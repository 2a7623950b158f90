"""Labels as portals write them → canonical field. From seed texts, saved pages and what public crawlers look for.

A label is compared on a copy: NFKC, simplified characters, no white space, no brackets, no colon. So 索 引 号,
【索引號】 and 索引号： are one label.
"""

import re
import unicodedata
from functools import lru_cache

NOISE = "noise"
"""What stands in place of a field for page furniture and personal data (访问量, 责任编辑 …): such pairs are dropped."""

ATTACHMENTS = "attachments"
"""What stands in place of a field for 附件: its value is links, see :mod:`archive.reading.attachments`."""

_LABELS = {
    "index_number": "索引号 信息索引号 信息索引 政府信息索引号 索引编号 索引 索引码",
    "unified_number": "统一编号 统一登记号 登记号",
    "doc_number": "发文字号 文号 发文文号 发布文号 文件编号 文件字号 字号 文件号 公文文号 法规文号",
    "title": "标题 名称 信息名称 文件名称 文件标题 法规标题 题名",
    "issuer": "发文机关 发文单位 发文机构 发文部门 制定机关 制发机关 印发机关 颁布单位 颁布机关",
    "joint_issuers": "联合发文单位 联合发布机构",
    "publisher": "发布机构 发布单位 发布机关 发布部门 公开机构 公开机关 公开主体 公开单位 主站发布机构 信息公开机构",
    "responsible_dept": "公开责任部门 责任部门 责任部门/科室 责任处室 公开责任单位 所属机构",
    "source": "来源 信息来源 文章来源 稿件来源",
    "date_made": "成文日期 成文时间 生成日期 生成时间 产生日期 形成日期 签发日期 写文日期",
    "date_issued": "发文日期 发文时间 印发日期 印发时间 制发日期",
    "date_promulgated": "公布日期 颁布日期 颁布时间",
    "date_published": "发布日期 发布时间 公开日期 公开时间 上网日期 登记日期 发稿日期 发表时间 信息发布时间 日期 时间",
    "date_effective": "施行日期 实施日期 生效日期 生效时间 施行时间 实施时间 执行日期",
    "date_expired": "废止日期 废止时间 失效日期 失效时间 有效期至 有效期",
    "validity": "时效性 有效性 信息有效性 效力状态 效力状况 时效 有效状态 是否有效 文件状态 效力",
    "legal_level": "效力级别 效力等级 法规层级",
    "disclosure_method": "公开方式 公开类别 公开属性 公开类型 公开形式",
    "disclosure_channel": "发布形式 公开渠道和载体 公开载体 公开渠道",
    "disclosure_time_limit": "公开时限 政府信息公开时限 公开期限",
    "disclosure_scope": "公开范围 公开对象",
    "disclosure_procedure": "公开程序",
    "topic_category": "主题分类 主题导航 所属主题 主题类别 主题 法规类别",
    "genre": "体裁分类 体裁 公文种类 文种 信息体裁",
    "audience_category": "服务对象 服务对象分类",
    "catalogue_category": "组配分类 分类 信息类别 信息种类 信息分类 目录分类 所属栏目 所属分类 公开目录 类别",
    "keywords": "主题词 关键词 关键字 位置关键词",
    "abstract": "内容概述 概述 摘要 内容摘要 信息摘要 内容简介",
    "addressees": "主送机关 主送单位",
    "signer": "签发人",
    "language": "语种",
    "carrier": "载体类型 信息格式",
    "remarks": "备注",
    "platform": "公开平台",
    "breadcrumb": "当前位置 您当前位置 您当前所在位置 当前所在位置 您当前的位置 您现在所在的位置 您所在的位置 "
    "您现在的位置 您的位置 所在位置",
    "site_id_code": "网站标识码 政府网站标识码",
    ATTACHMENTS: "附件 附件下载 相关附件 文件下载",
    NOISE: "访问量 浏览次数 浏览量 浏览数 浏览 点击量 点击数 点击 阅读次数 阅读量 阅读 累计次数 责任编辑 编辑 责编 "
    "作者 关联稿件 相关稿件 相关链接 上篇 下篇 上一篇 下一篇 字体 打印 分享到 分享 联系我们 返回顶部 关闭本页 我要纠错 "
    "用户登录 扫一扫在手机打开当前页 视力保护色",
}

_META = {
    "title": "ArticleTitle",
    "date_published": "PubDate publishdate firstpublishedtime",
    "source": "ContentSource",
    "keywords": "Keywords",
    "abstract": "Description",
    "site_name": "SiteName",
    "site_domain": "SiteDomain",
    "site_id_code": "SiteIDCode",
    "column_name": "ColumnName",
    "column_type": "ColumnType",
}

# Field names of portals' JSON and of the attributes of list rows: gkmlpt (广东), UCAP's searchList and its columns
# (writtentext …), jpolicy (山东), pc-list, 金融监管总局, 北大法宝, NFCMS (EXT_…), intertid (writeTime …),
# Epoint (deptname), sousuo (index, childtype, pubtimeStr), 重庆's lists (file-code), xxgk (mc, rq).
_API = {
    "title": "title docTitle DocTitle Title mc",
    "index_number": "identifier syh indexnumber indexNo C_SYH indexId index",
    "doc_number": "document_number wh wjbh refno issue documentNo C_WJBH DocumentNO pcode EXT_zh writtentext file-code",
    "issuer": "fwdw puborg IssueDepartment EXT_fwdw writtendepartment",
    "publisher": "publisher fbjg zzfbjg publishunit organization deptname issuerDepartment",
    "source": "contentSource docSource source",
    "date_made": "date writedate cwrq writeTime writeTimeString writtendate",
    "date_issued": "fwrq C_FWRQ_FORMAT",
    "date_promulgated": "IssueDate",
    "date_published": "display_publish_time publishedTimeStr pubDate pubdate publishDate PUBLISHED_TIME_FORMAT "
    "pubtimeStr rq",
    "date_effective": "ImplementDate effectivedate",
    "validity": "is_abolished is_expired validity TimelinessDic effectStatus EXT_sx aging",
    "legal_level": "EffectivenessDic",
    "disclosure_method": "gkfs",
    "disclosure_scope": "gkfw",
    "disclosure_time_limit": "gksx",
    "catalogue_category": "classify_main_name fl",
    "genre": "classify_genre_name",
    "topic_category": "classify_theme_name theme Category childtype",
    "keywords": "keywords ztc",
    "abstract": "abstract memo",
}


def _by_label(table: dict[str, str]) -> dict[str, str]:
    return {label: field for field, labels in table.items() for label in labels.split()}


LABELS = _by_label(_LABELS)
META_NAMES = {name.lower(): field for name, field in _by_label(_META).items()}
API_NAMES = _by_label(_API)

_EVERYDAY = (
    "索引 标题 名称 题名 字号 来源 日期 时间 时效 效力 主题 体裁 文种 分类 类别 概述 摘要 备注 语种 有效期 服务对象 "
    "登记号 公开目录 附件 文件下载"
)
GENERIC = frozenset(_EVERYDAY.split())
"""Labels that are also everyday words: they need a colon or a place in a table, and count for nothing in prose."""

_MAX_LABEL = max(map(len, LABELS)) * 3  # a label may be spaced out: 索　引　号

_TRADITIONAL = str.maketrans(
    "佈來們備內別務問單圍範實對導層屬廢態戶掃擊數時構標機欄瀏狀現產當發種稱簡簽糾級組統網編繫聯臺處號規覽計記訪註詞語讀責"
    "載輯錄錯鍵鏈門閉開間閱關頁頂頒題類體點執圖徵誌據轉歸證動請長會眾個辦廳員區學領組隊銀鄉鎮縣黨黃衛財農業環監審報決見復請議劃則細條",
    "布来们备内别务问单围范实对导层属废态户扫击数时构标机栏浏状现产当发种称简签纠级组统网编系联台处号规览计记访注词语读责"
    "载辑录错键链门闭开间阅关页顶颁题类体点执图征志据转归证动请长会众个办厅员区学领组队银乡镇县党黄卫财农业环监审报决见复请议划则细条",
)
_IS_TRADITIONAL = re.compile(f"[{''.join(map(chr, _TRADITIONAL))}]")
_NOT_LABEL = re.compile(r"[\s【】\[\]<>:﹕\u200b\ufeff]+")


def normalise_label(text: str) -> str:
    """The form in which labels are compared; the text of anything too long to be a label gives the empty string."""
    return "" if len(text) > _MAX_LABEL else _normalised(text)


def known_label(text: str) -> str:
    """The normalised label, or the empty string if ``text`` is not a label that is known."""
    return "" if len(text) > _MAX_LABEL else _known(text)


@lru_cache(maxsize=4096)
def _known(text: str) -> str:
    label = _normalised(text)
    return label if label in LABELS else ""


@lru_cache(maxsize=4096)  # labels, and the menu of a portal, stand on each of its pages
def _normalised(text: str) -> str:
    return simplified(_NOT_LABEL.sub("", unicodedata.normalize("NFKC", text)))


def simplified(text: str) -> str:
    """``text`` with the characters of labels and vocabularies made simplified; length is kept. Not a full converter."""
    return text.translate(_TRADITIONAL) if _IS_TRADITIONAL.search(text) else text
