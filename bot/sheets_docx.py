"""Documents: print-ready tables on A4 landscape in the fonts of 公文, with pictures. Source: GB/T 9704-2012."""

from __future__ import annotations

import io
from collections.abc import Sequence
from xml.sax.saxutils import escape

from docx import Document as new_document
from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.section import Section
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from bot.sheets_chart import draw
from bot.sheets_child import Document, parts
from bot.sheets_xlsx import lists, safe, texts

BODY, HEAD, TITLE, SUBHEAD = "仿宋_GB2312", "黑体", "方正小标宋简体", "楷体_GB2312"
OTHER_NAMES = {
    BODY: "仿宋;FangSong;Noto Serif SC;Noto Serif CJK SC",
    HEAD: "SimHei;Noto Sans SC;Noto Sans CJK SC",
    TITLE: "方正小标宋_GBK;华文中宋;SimSun;Noto Serif SC",
    SUBHEAD: "楷体;KaiTi;Noto Serif SC;Noto Serif CJK SC",
}
LATIN = "Times New Roman"
TWIP = 635  # EMU
TABLE = (
    '<w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="0" w:type="auto"/><w:jc w:val="center"/>'
    '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="80" w:type="dxa"/>'
    '<w:bottom w:w="40" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr>'
)
WIDE, HIGH, MARGIN = Mm(297), Mm(210), Mm(20)


class Say:
    PAGE = "　第"
    OF = "页"


def make_document(content: Document) -> bytes:
    """The document's bytes."""
    doc = new_document()
    name_fonts(doc)
    lay_out(doc)
    foot(doc.sections[0], str(content.get("foot") or ""))
    grids = parts(content, "grids")
    for number, grid in enumerate(grids):
        if number:
            doc.add_page_break()  # type: ignore[no-untyped-call]  # untyped upstream
        write_grid(doc, grid)
    for chart in parts(content, "charts"):
        doc.add_page_break()  # type: ignore[no-untyped-call]  # untyped upstream
        doc.add_picture(io.BytesIO(draw(chart)), height=Mm(150))
    out = io.BytesIO()
    doc.save(out)
    return out.getvalue()


def lay_out(doc: Doc) -> None:
    """A4 landscape, even margins, the body's font."""
    section = doc.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = WIDE, HIGH
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    style = doc.styles["Normal"]
    set_font(style.element.get_or_add_rPr(), BODY)
    style.font.size = Pt(11)
    style.paragraph_format.space_after = Pt(0)


def name_fonts(doc: Doc) -> None:
    """What a program without these fonts takes instead."""
    part = doc.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{others}"/></w:font>' for name, others in OTHER_NAMES.items()
    )
    part._blob = part.blob.replace(b"</w:fonts>", f"{fonts}</w:fonts>".encode())


def set_font(properties: object, name: str) -> None:
    """Chinese in this font, figures in the Latin one."""
    fonts = properties.get_or_add_rFonts()  # type: ignore[attr-defined]
    for side, value in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", name)):
        fonts.set(qn(f"w:{side}"), value)


def write(paragraph: Paragraph, text: str, name: str = BODY, size: float = 11, *, middle: bool = False) -> None:
    """Text in a font; lines break where the text does."""
    run = paragraph.add_run(safe(text))
    run.font.size = Pt(size)
    set_font(run._r.get_or_add_rPr(), name)
    if middle:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def write_grid(doc: Doc, grid: Document) -> None:
    """Title, notes, the table with a header on every page, lines below."""
    for line in str(grid.get("title") or "").split("\n"):
        write(doc.add_paragraph(), line, TITLE, 18, middle=True)
    for note in texts(grid, "notes"):
        write(doc.add_paragraph(), note, BODY, 10)
    columns = [(str(head), int(str(width))) for head, width in lists(grid, "columns")]
    total = sum(width for _, width in columns)
    widths = [round((WIDE - 2 * MARGIN) / TWIP * width / total) for _, width in columns]
    rows = [row_xml([head for head, _ in columns], widths, head=True)]
    rows += [row_xml(row, widths) for row in lists(grid, "rows")]
    grid_xml = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    table = f"<w:tbl {nsdecls('w')}>{TABLE}<w:tblGrid>{grid_xml}</w:tblGrid>{''.join(rows)}</w:tbl>"
    doc.add_paragraph()._p.addprevious(parse_xml(table))
    for line in texts(grid, "foot"):
        write(doc.add_paragraph(), line, BODY, 10)


def row_xml(cells: Sequence[object], widths: list[int], *, head: bool = False) -> str:
    """A row kept together on a page; the header comes again on every page. (A row at a time is far too slow.)"""
    mark = "<w:cantSplit/><w:tblHeader/>" if head else "<w:cantSplit/>"
    font = HEAD if head else BODY
    parts = [
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f"{cell_xml(cell, font, middle=head or isinstance(cell, int | float))}</w:tc>"
        for cell, width in zip(cells, widths, strict=True)
    ]
    return f"<w:tr><w:trPr>{mark}</w:trPr>{''.join(parts)}</w:tr>"


def cell_xml(value: object, font: str, *, middle: bool) -> str:
    """A value as a paragraph."""
    text = "" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)
    lines = [f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in safe(text).split("\n")]
    place = '<w:jc w:val="center"/>' if middle else ""
    fonts = f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{font}"/>'
    run = f'<w:r><w:rPr>{fonts}<w:sz w:val="21"/></w:rPr>{"<w:br/>".join(lines)}</w:r>'
    return f"<w:p><w:pPr>{place}</w:pPr>{run}</w:p>"


def page_field(paragraph: Paragraph, size: int) -> None:
    """The page's own number, in points of `size`."""
    run = paragraph.add_run()
    run.font.size = Pt(size)
    for kind, code in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = code
        run._r.append(part)


def foot(section: Section, text: str) -> None:
    """The line and the page's number on every page of the section."""
    paragraph = section.footer.paragraphs[0]
    write(paragraph, text + Say.PAGE, BODY, 8)
    page_field(paragraph, 8)
    write(paragraph, Say.OF, BODY, 8)
