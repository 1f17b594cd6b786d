"""One county notice of our own in every format, made while the tests run. Its facts stand beside it."""

from collections.abc import Sequence
from io import BytesIO

from docx import Document
from docx.oxml import OxmlElement

TITLE = "青溪县人民政府办公室关于印发青溪县乡村振兴2023年重点任务清单的通知"
LINES = (
    TITLE,
    "青政办发〔2023〕9号",
    "各乡镇人民政府，县政府各部门：",
    "为做好2023年乡村振兴工作，经县政府同意，现将有关事项通知如下。",
    "一、提升产业",
    "（一）做强特色产业。到2023年底，新建高标准农田3.5万亩，培育省级龙头企业4家以上。（牵头单位：县农业农村局；配合单位：县财政局、各乡镇）",
    "（二）发展乡村旅游。到2024年，建成精品民宿村12个。（县文旅局牵头，县自然资源局、县交通运输局按职责分工负责）",
    "二、强化保障",
    "（三）加强督查。县政府督查室每半年通报一次。",
    "附件：1.指标分解表",
    "2.领导小组名单",
    "青溪县人民政府办公室",
    "2023年2月6日",
)
TABLE = (
    ("序号", "类别", "指标名称", "目标值", "", "责任单位"),
    ("", "", "", "2023年", "2024年", ""),
    ("1", "产业", "新建高标准农田（万亩）", "3.5", "4", "县农业农村局"),
    ("2", "", "省级龙头企业（家）", "4", "6", "县农业农村局、县财政局"),
    ("3", "旅游", "精品民宿村（个）", "8", "12", "县文旅局"),
    ("合计", "", "", "", "", ""),
)
SPANS = {(0, 0): (2, 1), (0, 1): (2, 1), (0, 2): (2, 1), (0, 3): (1, 2), (0, 5): (2, 1), (2, 1): (2, 1)}
"""(rows, columns) of merged cells by place."""
MEMBERS = (
    ("组  长", "陈  明", "县政府副县长"),
    ("副组长", "林小雨", "县农业农村局局长"),
    ("成  员", "何  平", "县财政局副局长"),
    ("", "周大海", "县文旅局副局长"),
)
ROWS = [
    ("annex1:1", "新建高标准农田", "万亩", ["3.5", "4"], ("县农业农村局",)),
    ("annex1:2", "省级龙头企业", "家", ["4", "6"], ("县农业农村局", "县财政局")),
    ("annex1:3", "精品民宿村", "个", ["8", "12"], ("县文旅局",)),
]
PEOPLE = [("组长", "陈明"), ("副组长", "林小雨"), ("成员", "何平"), ("成员", "周大海")]


def covered() -> set[tuple[int, int]]:
    """Places that a merged cell covers."""
    inside = {(r + i, c + j) for (r, c), (down, across) in SPANS.items() for i in range(down) for j in range(across)}
    return inside - set(SPANS)


def as_html(chrome: bool = True) -> bytes:
    """The notice on a government site, merged cells as rowspan and colspan."""
    body = "".join(f"<p>&nbsp;&nbsp;{line}</p>" for line in LINES)
    people = "".join(f"<p>{role}{'：' if role else ''}{name}  {post}</p>" for role, name, post in MEMBERS)
    nav = (
        "<div class='nav'><a>首页</a> &gt; <a>政府信息公开</a></div><script>var a = '附件1';</script>" if chrome else ""
    )
    foot = "<div>版权所有：青溪县人民政府</div><div>浙ICP备00000000号</div>" if chrome else ""
    page = f"<html><head><title>x</title></head><body>{nav}<div>{body}<p>附件1</p><p>指标分解表</p>{_html_table()}"
    return (
        f"{page}<p>备注：目标值为累计数。</p><p>附件2</p><p>领导小组名单</p>{people}</div>{foot}</body></html>".encode()
    )


def _html_table() -> str:
    rows = []
    for r, row in enumerate(TABLE):
        cells = []
        for c, text in enumerate(row):
            down, across = SPANS.get((r, c), (1, 1))
            if (r, c) not in covered():
                cells.append(f'<td rowspan="{down}" colspan="{across}"><span>{text}</span></td>')
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(rows)}</table>"


def as_docx() -> bytes:
    """The notice as Word saves it: merged cells, a member table, numbers typed by hand."""
    document = Document()
    for line in LINES:
        document.add_paragraph(line)
    document.add_paragraph("附件1")
    document.add_paragraph("指标分解表")
    table = document.add_table(rows=len(TABLE), cols=len(TABLE[0]))
    for r, row in enumerate(TABLE):
        for c, text in enumerate(row):
            if (r, c) not in covered():
                table.cell(r, c).text = text
    for (r, c), (down, across) in SPANS.items():
        table.cell(r, c).merge(table.cell(r + down - 1, c + across - 1))
    document.add_paragraph("备注：目标值为累计数。")
    document.add_paragraph("附件2")
    document.add_paragraph("领导小组名单")
    people = document.add_table(rows=1, cols=3)
    for cell, text in zip(people.rows[0].cells, ("职务", "姓名", "单位及职务"), strict=True):
        cell.text = text
    for member in MEMBERS:
        for cell, text in zip(people.add_row().cells, member, strict=True):
            cell.text = text
    return _saved(document)


def as_numbered_docx() -> bytes:
    """A notice whose 一、 and （一） are Word's automatic numbers."""
    document = Document()
    numbering = document.part.numbering_part.element
    for level, form, pattern in ((0, "chineseCounting", "%1、"), (1, "chineseCounting", "（%2）")):
        _level(numbering, level, form, pattern)
    for level, line in (
        (None, LINES[0]),
        (None, LINES[1]),
        (None, LINES[2]),
        (None, LINES[3]),
        (0, "提升产业"),
        (1, LINES[5][3:]),
        (0, "强化保障"),
        (1, LINES[8][3:]),
    ):
        paragraph = document.add_paragraph(line)
        if level is not None:
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = level
            properties.get_or_add_numId().val = 77
    return _saved(document)


def _level(numbering: object, level: int, form: str, pattern: str) -> None:
    abstract = next((a for a in numbering if a.get(_w("abstractNumId")) == "77"), None)  # type: ignore[attr-defined]
    if abstract is None:
        abstract = OxmlElement("w:abstractNum")
        abstract.set(_w("abstractNumId"), "77")
        numbering.insert(0, abstract)  # type: ignore[attr-defined]
        num, link = OxmlElement("w:num"), OxmlElement("w:abstractNumId")
        num.set(_w("numId"), "77")
        link.set(_w("val"), "77")
        num.append(link)
        numbering.append(num)  # type: ignore[attr-defined]
    made = OxmlElement("w:lvl")
    made.set(_w("ilvl"), str(level))
    for tag, value in (("w:start", "1"), ("w:numFmt", form), ("w:lvlText", pattern)):
        child = OxmlElement(tag)
        child.set(_w("val"), value)
        made.append(child)
    abstract.append(made)


def _w(name: str) -> str:
    return "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}" + name


def _saved(document: object) -> bytes:
    saved = BytesIO()
    document.save(saved)  # type: ignore[attr-defined]
    return saved.getvalue()


def as_pdf() -> bytes:
    """Three pages: text broken by the page's edge, a drawn table cut by a page's end, members."""
    pages = [
        _text_page(LINES, 1),
        _table_page(TABLE[:4], "附件1 指标分解表", 2),
        _table_page([TABLE[0], TABLE[1], *TABLE[4:]], "", 3),
        _members_page(4),
    ]
    return pdf_of(pages)


def _text(x: float, y: float, words: str, size: int = 12) -> str:
    return f"BT /F1 {size} Tf {x} {y} Td <{words.encode('utf-16-be').hex()}> Tj ET"


def _text_page(lines: Sequence[str], number: int) -> str:
    drawn, y = [], 800
    for index, line in enumerate(lines):
        indent = 0 if index < 3 else 2
        words, first = line, True
        while words:
            room = 38 - (indent if first else 0)
            drawn.append(_text(60 + (24 if first and indent else 0), y, words[:room]))
            words, first, y = words[room:], False, y - 18
    return "\n".join([*drawn, _text(280, 30, f"- {number} -")])


def _table_page(rows: Sequence[Sequence[str]], title: str, number: int) -> str:
    xs, top, height = [60, 100, 150, 290, 350, 410, 540], 760, 24
    drawn = [_text(60, 790, title)] if title else []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            drawn.append(_text(xs[c] + 3, top - r * height - 16, text, 9) if text else "")
            down, across = SPANS.get((r, c), (1, 1))
            if (r, c) not in covered() or r > 1:
                x, y = xs[c], top - r * height
                across = across if r < 2 else 1
                right, low = xs[c + across], y - (down if r < 2 else 1) * height
                drawn.append(f"{x} {y} m {right} {y} l {right} {low} l {x} {low} l {x} {y} l S")
    return "\n".join([*drawn, _text(280, 30, f"- {number} -")])


def _members_page(number: int) -> str:
    lines = ["附件2", "领导小组名单", *(f"{role}{'：' if role else ''}{name}　{post}" for role, name, post in MEMBERS)]
    return "\n".join(
        [*(_text(60, 800 - 20 * i, line) for i, line in enumerate(lines)), _text(280, 30, f"- {number} -")]
    )


def pdf_of(pages: Sequence[str]) -> bytes:
    """A PDF whose font is one that every reader brings along."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{6 + 2 * i} 0 R' for i in range(len(pages)))}] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo "
        "<< /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> "
        "/DW 1000 /FontDescriptor 5 0 R >>",
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [0 -200 1000 900] /ItalicAngle 0 "
        "/Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>",
    ]
    for index, page in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {7 + 2 * index} 0 R "
            f"/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(page)} >>\nstream\n{page}\nendstream")
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    return out + f"{head}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF".encode()
