"""The head and the foot of a notice: title, 文号, addressees, signature, date. The text between is for others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.parsing.layout import Item, Paragraph
from knowledge.parsing.outline import Rank, mark_at_start
from knowledge.text import normal, read_numeral, squeeze, tidy
from knowledge.units import is_unit

TYPE = (
    "(?:通知|意见|方案|办法|决定|公告|通告|批复|函|规定|细则|要点|计划|规划|纲要|报告|纪要|命令|决议|公报|条例|章程|措施|清单|指南|规程|制度|准则|安排|分工|"
    "目录|预案|政策|令|通报|请示|议案|答复|规则|指引|标准|名单|任务书|责任书|举措|行动)"
)
LEFT_OVER = 3
"""Letters of a title that the width of the page may leave alone on its last line."""
TITLE_END = re.compile(rf"{TYPE}(?:[（(][^（）()]{{1,14}}[）)])?$")
NUMBER = re.compile(
    r"(?P<code>[\u4e00-\u9fff]{1,12})[\s\u3000]*[〔\[（(【［﹝][\s\u3000]*(?P<year>(?:19|20)\d{2})[\s\u3000]*[〕\]）)】］﹞][\s\u3000]*(?:第[\s\u3000]*)?(?P<no>\d{1,4})[\s\u3000]*号"
)
_ARABIC_DAY = r"(?P<y>(?:19|20)\d{2})\s*[年./-]\s*(?P<m>\d{1,2})\s*[月./-]\s*(?P<d>\d{1,2})\s*日?"
_CN_DAY = (
    r"(?P<cy>[二一][〇○零Oo0一二三四五六七八九]{3})年(?P<cm>[一二三四五六七八九十]{1,2})月"
    r"(?P<cd>[一二三四五六七八九十廿卅]{1,3})日"
)
DAY = rf"(?:{_ARABIC_DAY}|{_CN_DAY})"
DATE = re.compile(DAY)
ADDRESSED = re.compile(r"^[^。；！？]{2,260}[：:]$")
_TO = re.compile(
    r"人民政府|部门|单位|各.{0,8}(?:局|委|办|镇|乡|街道|企业|学校|县|市|区|处|会)|(?:局|委|办|厅|部|公司|学校|医院|中心)[、，,：:]|直属机构|管委会|办事处"
)
OPEN_NOTE = re.compile(r"^[（(]?(?:此件|本件)[^）)]{2,20}[）)]?$")
FIELDS = {
    "index_no": r"索\s*引\s*号|索取号|信息索引号?",
    "issuer": r"发布机构|发文机关|发文单位|发布单位|制发机关|公开责任部门|责任部门",
    "date": r"成文日期|发文日期|成文时间|生成日期|印发日期|发文时间|签发日期",
    "doc_no": r"发文字号|文\s*号|文件编号|公文编号|文件号",
    "title": r"标\s*题|文件名称|信息名称|名\s*称",
}
_ANY_FIELD = re.compile(
    r"^(?:索\s*引\s*号|索取号|主题分类|发布机构|发文机关|成文日期|发文日期|发布日期|公开日期|发文字号|文\s*号|名\s*称|标\s*题|有效性|主\s*题\s*词|公开方式|公开形式|公开范围|信息来源|来\s*源|"
    r"发布时间|发布时间|浏览次数|字\s*[体号]|体裁分类|组配分类|生效日期|废止日期|统一编号|规范性文件.*号|分\s*类|签发人|关键词|打印|分享|当前位置|您的位置|时效|登记号)"
)
CHROME = re.compile(
    r"^(?:首页|网站首页|返回|打印|关闭|分享|收藏|登录|注册|繁体|无障碍|长者|搜索|导航|当前位置|您的位置|您现在的位置|字号|字体|【|来源|浏览|点击|发布时间|日期|政务公开|政府信息公开|信息公开|"
    r"扫一扫|上一篇|下一篇|相关链接|相关解读|主办|承办|版权所有|网站标识码|ICP|浙ICP|京ICP|.*ICP备|.*公网安备|联系我们|网站地图|技术支持|友情链接|Copyright|©|地址|邮编|建议使用|大\s*中\s*小|微信|微博)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above the body; `body_at` is the first item of it."""

    title: str
    doc_no: str | None
    addressees: str | None
    fields: dict[str, str]
    begin: int
    """The first item that belongs to the notice: before it stands the site's chrome."""
    body_at: int


def read_day(text: str) -> date | None:
    """The first day a text names, in digits or Chinese numerals."""
    found = DATE.search(text)
    if not found:
        return None
    said = [found[a] if found["y"] else found[b] for a, b in (("y", "cy"), ("m", "cm"), ("d", "cd"))]
    numbers = [read_numeral(normal(part).replace("o", "0").replace("○", "〇")) for part in said]
    try:
        return date(*[number or 0 for number in numbers])
    except (ValueError, TypeError):
        return None


def number_in(text: str) -> str | None:
    """The 文号 in a text as GB/T 9704 prints it: 诸政办发〔2021〕17号."""
    found = NUMBER.search(text)
    if not found:
        return None
    code = re.split(TYPE + r"(?=.{2,})", found["code"])[-1]
    return f"{code}〔{found['year']}〕{found['no']}号"


def loosened(paragraph: Paragraph) -> list[Paragraph]:
    """A paragraph cut where title, 文号, addressees, text and signature were glued together."""
    text = paragraph.text
    for pattern in _GLUED:
        found = pattern.match(text) if len(text) < 40_000 else None
        if found and found.end(1) < len(text):
            return [paragraph.part(0, found.end(1)), *loosened(paragraph.part(found.end(1)))]
    signed = _SIGNED.search(text, max(0, len(text) - 120))
    if signed and signed.start("org") > 0:
        parts = [
            paragraph.part(0, signed.start("org")),
            paragraph.part(signed.start("org"), signed.start("day")),
            paragraph.part(signed.start("day"), signed.end("day")),
        ]
        return [*parts, *([paragraph.part(signed.end("day"))] if signed.end("day") < len(text) else [])]
    return [paragraph]


_NO = r"[\u4e00-\u9fff]{2,10}[〔\[（(【][12]\d{3}[〕\]）)】](?:第)?\d{1,4}号"
_GLUED = (
    re.compile(rf"^([^。；]{{6,150}}{TYPE}(?:[（(][^（）()]{{1,14}}[）)])?)(?=\s*{_NO})"),
    re.compile(rf"^({_NO})(?=[^\s])"),
    re.compile(rf"^([^。；：:]{{6,120}}{TYPE})(?=\s*各[^。；：:]{{2,200}}[：:])"),
    re.compile(
        r"^((?:各|市|县|区|省|有关|国务院|全)[^。；：:]{2,250}(?:府|门|位|构|局|委|办|处|会|道|乡|镇|业|校|室|司|县|市|区|州|中心)[：:])(?=.{10,})"
    ),
)
_SIGNED = re.compile(
    rf"(?<=[。；])\s*(?P<org>[^。，；：！？\s]{{2,40}}?)[\s\u3000]*(?P<day>{DAY})[\s\u3000]*(?:[（(]此件[^）)]*[）)])?$"
)


def read_header(items: Sequence[Item], inner: bool = False) -> Header:
    """The head of the notice that the items hold."""
    to = _addressees_at(items)
    end = to if to is not None else _text_begins(items)
    title_from, title_to, title = _title(items, end)
    fields = _fields(items[:end])
    if not title and fields.get("title"):
        title = fields["title"]
    numbers = [
        n
        for item in items[max(title_from - 6, 0) : end]
        if isinstance(item, Paragraph) and (n := _lone_number(item.text))
    ]
    doc_no = number_in(fields.get("doc_no", "")) or (numbers[-1] if numbers else None)
    addressees = None
    if to is not None and isinstance(found := items[to], Paragraph):
        addressees = tidy(found.text).rstrip("：:")
    body_at = max(end + (to is not None), title_to)
    begin = title_from if inner or not fields else min(_first_field(items, title_from), title_from)
    return Header(title, doc_no, addressees, fields, begin, body_at)


def _first_field(items: Sequence[Item], end: int) -> int:
    for index, item in enumerate(items[:end]):
        text = item.text if isinstance(item, Paragraph) else item.grid.rows[0].printed
        if _ANY_FIELD.match(squeeze(text)):
            return index
    return end


def _addressees_at(items: Sequence[Item]) -> int | None:
    for index, item in enumerate(items[:80]):
        if not isinstance(item, Paragraph):
            continue
        text = item.text
        mark = mark_at_start(text)
        if mark and index > 0 and mark.rank in {Rank.COUNT, Rank.CHAPTER, Rank.CLAUSE}:
            return None
        if (
            ADDRESSED.match(text)
            and _TO.search(text)
            and not _ANY_FIELD.match(text)
            and not text.startswith(("附件", "来源", "#"))
        ):
            return index
    return None


def _text_begins(items: Sequence[Item]) -> int:
    """The first outline mark or long sentence, where no addressees stand."""
    titled = False
    for index, item in enumerate(items[:120]):
        if not isinstance(item, Paragraph):
            if index and len(item.grid.rows) > 3:
                return index
            continue
        if titled and len(item.text) >= 12 and item.text.rstrip()[-1:] in "。：:" and not _ANY_FIELD.match(item.text):
            return index
        titled = titled or bool(TITLE_END.search(_plain(item.text)) and _may_be_title(item.text) and len(item.text) > 5)
        mark = mark_at_start(item.text)
        if (
            mark
            and mark.number == 1
            and mark.rank in {Rank.COUNT, Rank.CHAPTER, Rank.CLAUSE, Rank.BRACKET, Rank.DIGIT}
            and not _ANY_FIELD.match(item.text)
        ):
            return index
        if len(item.text) >= 50 and re.search(r"[。；]", item.text) and not CHROME.match(item.text):
            return index
    return min(len(items), 1)


def _title(items: Sequence[Item], end: int) -> tuple[int, int, str]:
    """(first item, item behind, words) of the title: the last run of short lines that ends as titles do."""
    for last in range(min(end, len(items)) - 1, -1, -1):
        item = items[last]
        if not isinstance(item, Paragraph) or not _ends_title(items, last):
            continue
        first, words = last, _plain(item.text)
        while (
            first > 0
            and isinstance(above := items[first - 1], Paragraph)
            and _goes_before(above.text, words, items[:first])
        ):
            words = _plain(above.text) + words
            first -= 1
        if len(words) >= 6 or first == last == 0:
            return first, last + 1, words
    return min(end, len(items)), 0, ""


def _ends_title(items: Sequence[Item], at: int) -> bool:
    """Whether the line ends as titles do; the last letters of 通知 may stand on a line of their own."""
    item = items[at]
    words = _plain(item.text) if isinstance(item, Paragraph) else ""
    if not words or (len(words) > 1 and not _may_be_title(words)):
        return False
    above = items[at - 1] if at and len(words) <= LEFT_OVER else None
    before = _plain(above.text) if isinstance(above, Paragraph) and _may_be_title(above.text) else ""
    return bool(
        TITLE_END.search(words) or (before and not TITLE_END.search(before) and TITLE_END.search(before + words))
    )


def _plain(text: str) -> str:
    plain = re.sub(r"^[#*]+|[*]+$", "", squeeze(text))
    quoted = re.fullmatch(r"《([^《》]{6,}(?:《[^《》]*》[^《》]*)*)》", plain)
    return quoted[1] if quoted else plain


def _may_be_title(text: str) -> bool:
    plain = _plain(text)
    return (
        1 < len(plain) <= 120
        and not re.search(r"[。；！？：:|>＞»]", plain)
        and not _lone_number(plain)
        and not _ANY_FIELD.match(plain)
    )


def _goes_before(above: str, words: str, higher: Sequence[Item]) -> bool:
    """Whether the line above belongs to the title too."""
    plain = _plain(above)
    if (
        not _may_be_title(above)
        or (TITLE_END.search(plain) and not _opens_above(words, higher))
        or DATE.search(plain)
        or len(plain) + len(words) > 150
        or CHROME.match(plain)
    ):
        return False
    if "关于" in words and not re.match(r"^(?:关于|印发)", words):
        return False
    return (
        "关于" in plain
        or (words.startswith(("关于", "印发", "转发")) and is_unit(plain))
        or (len(words) < 20 and "关于" not in words and len(plain) >= 6)
    )


def _opens_above(words: str, higher: Sequence[Item]) -> bool:
    """Whether a title without 关于 began some lines higher: 关于印发某方案 / （2023—2025年）的通知."""
    near = [_plain(item.text) for item in higher[-3:] if isinstance(item, Paragraph) and _may_be_title(item.text)]
    return (
        "关于" not in words and any("关于" in line for line in near) and not any(line.endswith("通知") for line in near)
    )


def _lone_number(text: str) -> str | None:
    plain = squeeze(text).strip("*# ")
    found = NUMBER.search(plain)
    return (
        number_in(plain)
        if found and len(plain) <= found.end() - found.start() + 14 and found.end() == len(plain)
        else None
    )


def _fields(items: Sequence[Item]) -> dict[str, str]:
    """Values of the labelled fields above the title."""
    lines: list[str] = []
    for item in items:
        lines += (
            [item.text]
            if isinstance(item, Paragraph)
            else [" | ".join(cell.text for cell in row.cells if cell.own) for row in item.grid.rows]
        )
    text = "\n".join(lines)
    found: dict[str, str] = {}
    for name, label in FIELDS.items():
        match = re.search(rf"(?:^|[\s|\u3000])(?:{label})[\s\u3000】]*[:：]?[\s\u3000]*\|?[\s\u3000]*([^\n|]+)", text)
        value = (
            re.split(r"[\s\u3000]{2,}|[\s\u3000](?=[\u4e00-\u9fff]{2,6}[:：])", match[1].strip())[0] if match else ""
        )
        if value and not _ANY_FIELD.match(re.sub(r"^[•·●\-*\s]+", "", value)):
            found[name] = tidy(value)
    return found
