"""Official letters: A4 upright in the fonts and measures of 公文, a footnote for every number, tables behind.

Source: GB/T 9704-2012. Footnotes are Word's own, written as a part beside the document (python-docx has none).
"""

from __future__ import annotations

import io
import unicodedata
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from docx import Document as new_document
from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.section import Section
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from bot.sheets_child import Document, parts
from bot.sheets_docx import (
    BODY,
    HEAD,
    LATIN,
    MARGIN,
    SUBHEAD,
    TITLE,
    foot,
    name_fonts,
    page_field,
    set_font,
    write,
    write_grid,
)

SIZE, TITLE_SIZE, NOTE_SIZE, MARK_SIZE = 16.0, 22.0, 9.0, 10.5  # 三号, 二号, 小五, 五号
LEADING, TITLE_LEADING = 28.0, 34.0  # 22 lines of 28 characters a page
TOP, BOTTOM, LEFT, RIGHT = Mm(37), Mm(35), Mm(28), Mm(26)
FONTS = {"title": TITLE, "head": HEAD, "subhead": SUBHEAD}
INDENTED = frozenset({"head", "subhead", "text", "annex"})
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
SEPARATORS = (("-1", "separator"), ("0", "continuationSeparator"))


class Say:
    ANNEX = "附件"
    BEFORE, AFTER = "— ", " —"


@dataclass(slots=True)
class Notes:
    """The footnotes so far, in order; their numbers are their places, from 1."""

    texts: list[str] = field(default_factory=list)

    def add(self, text: str) -> int:
        """The number of a new one."""
        self.texts.append(text)
        return len(self.texts)


def make_letter(content: Document) -> bytes:
    """The letter's bytes."""
    doc, notes = new_document(), Notes()
    name_fonts(doc)
    lay_out(doc.sections[0], str(content.get("mark") or ""))
    for line in parts(content, "letter"):
        put(doc.add_paragraph(), str(line.get("place")), parts(line, "words"), notes)
    add_notes(doc, notes)
    if grids := parts(content, "grids"):
        turn_page(doc, str(content.get("foot") or ""))
        write(doc.add_paragraph(), Say.ANNEX, HEAD, SIZE)
        for grid in grids:
            write_grid(doc, grid)
    out = io.BytesIO()
    doc.save(out)
    return out.getvalue()


def lay_out(section: Section, mark: str) -> None:
    """A4 upright with the margins of 公文; what it is above every page, the page's number below."""
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = TOP, BOTTOM
    section.left_margin, section.right_margin = LEFT, RIGHT
    write(section.header.paragraphs[0], clean(mark), BODY, MARK_SIZE, middle=True)
    number_page(section.footer.paragraphs[0])


def number_page(paragraph: Paragraph) -> None:
    """— 1 —, in the middle."""
    write(paragraph, Say.BEFORE, BODY, 14, middle=True)
    page_field(paragraph, 14)
    write(paragraph, Say.AFTER, BODY, 14, middle=True)


def put(paragraph: Paragraph, place: str, words: list[Document], notes: Notes) -> None:
    """A paragraph of the letter as its place wants it, with its footnotes."""
    title, mark = place == "title", place == "mark"
    size = TITLE_SIZE if title else MARK_SIZE if mark else SIZE
    layout = paragraph.paragraph_format
    layout.line_spacing = Pt(TITLE_LEADING if title else LEADING)
    layout.space_after = Pt(LEADING if title else 0)
    layout.space_before = Pt(LEADING if place in ("annex", "sign") else 0)
    layout.right_indent = Pt(2 * SIZE) if place == "sign" else None
    layout.first_line_indent = Pt(2 * SIZE) if place in INDENTED else None
    layout.keep_with_next = place in ("head", "subhead", "title")
    paragraph.alignment = alignment_of(place)
    for part in words:
        write_run(paragraph, str(part.get("text") or ""), FONTS.get(place, BODY), size)
        if note := str(part.get("note") or ""):
            refer(paragraph, notes.add(note))


def alignment_of(place: str) -> WD_ALIGN_PARAGRAPH:
    """Titles in the middle, the signature to the right, text even on both sides."""
    match place:
        case "title" | "mark":
            return WD_ALIGN_PARAGRAPH.CENTER
        case "sign":
            return WD_ALIGN_PARAGRAPH.RIGHT
        case "to":
            return WD_ALIGN_PARAGRAPH.LEFT
    return WD_ALIGN_PARAGRAPH.JUSTIFY


def write_run(paragraph: Paragraph, text: str, font: str, size: float) -> None:
    """Text as it is, without what no document may hold."""
    run = paragraph.add_run(clean(text))
    run.font.size = Pt(size)
    set_font(run._r.get_or_add_rPr(), font)


def refer(paragraph: Paragraph, number: int) -> None:
    """The raised number of a footnote."""
    paragraph._p.append(
        parse_xml(
            f'<w:r {nsdecls("w")}><w:rPr><w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}"/>'
            f'<w:sz w:val="{int(SIZE * 2)}"/><w:vertAlign w:val="superscript"/></w:rPr>'
            f'<w:footnoteReference w:id="{number}"/></w:r>'
        )
    )


def add_notes(doc: Doc, notes: Notes) -> None:
    """The footnotes as a part of their own, with the lines that part them from the text."""
    rules = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
        for number, kind in SEPARATORS
    )
    body = "".join(note_xml(number, text) for number, text in enumerate(notes.texts, 1))
    xml = f"{XML}<w:footnotes {nsdecls('w')}>{rules}{body}</w:footnotes>"
    part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, xml.encode(), doc.part.package)
    doc.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    known = "".join(f'<w:footnote w:id="{number}"/>' for number, _ in SEPARATORS)
    settings = doc.settings.element
    compat = settings.find(qn("w:compat"))
    settings.insert(
        list(settings).index(compat) if compat is not None else len(settings),
        parse_xml(f"<w:footnotePr {nsdecls('w')}>{known}</w:footnotePr>"),
    )


def note_xml(number: int, text: str) -> str:
    """A footnote: its number, then where the number in the text is from."""
    fonts = f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{BODY}"/><w:sz w:val="{int(NOTE_SIZE * 2)}"/>'
    return (
        f'<w:footnote w:id="{number}"><w:p><w:pPr><w:spacing w:after="0"/></w:pPr>'
        f'<w:r><w:rPr>{fonts}<w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
        f'<w:r><w:rPr>{fonts}</w:rPr><w:t xml:space="preserve"> {escape(clean(text))}</w:t></w:r></w:p></w:footnote>'
    )


def turn_page(doc: Doc, text: str) -> None:
    """A section across for tables, with the line that proves them under it."""
    section = doc.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    section.footer.is_linked_to_previous = False
    foot(section, text)


def clean(text: str) -> str:
    """Without what no document may hold or what turns the reading around: control, surrogate and direction marks."""
    return "".join(c for c in text if c == "\n" or fits(c))


def fits(mark: str) -> bool:
    """Whether a document may hold it."""
    code = ord(mark)
    never = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code < 0xFDF0
    return not never and unicodedata.category(mark) not in {"Cc", "Cf", "Cs"}
