"""The circular of a monthly meeting as a Word document, in the form of Chinese official papers (GB/T 9704)."""

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from xml.sax.saxutils import escape

from pages.charts import pictures
from pages.wording import figures
from pages.wording.language import _, lang

CHINESE_NUMERALS = "一二三四五六七八九十"
TITLE, HEADING, BODY = ("方正小标宋简体", 22), ("黑体", 16), ("仿宋", 16)
LATIN_FONT = "Times New Roman"
LINE_SPACING = 28  # points between lines
TABLE_FONT_SIZE = 9  # points, in a table
FOOTER_FONT_SIZE = 14
EXTENDED_PROPERTIES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Company>{company}</Company></Properties>"
)
PICTURE_WIDTH = 140  # mm across, so that three stand on a page
TABLE_WIDTH = 257  # mm across


@dataclass(frozen=True)
class CircularHeader:
    """What a circular states about itself: place, period, day, whether it is invented, and the link of the view."""

    place: str
    period: str
    day: date
    sample: bool
    link: str


def build_circular(
    head: CircularHeader,
    opening: str,
    sections: list[tuple[str, list[str]]],
    rows: list[dict[str, str]],
    drawn: list[pictures.Picture],
    explained: str,
) -> bytes:
    """Return the circular as the bytes of a Word file.

    Title, opening, numbered sections and signature; then the charts and the table as attachments.

    sections: headings with their lines; rows: the table, by column heading; drawn: charts, as pictures;
    explained: what the columns of the table mean.
    """
    import docx  # noqa: PLC0415 - only who downloads the circular pays for it
    from docx.enum.section import WD_ORIENT  # noqa: PLC0415
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.shared import Mm, Pt  # noqa: PLC0415

    paper = docx.Document()
    _set_styles(paper)
    page = paper.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    if head.sample:
        mark = page.header.paragraphs[0]
        mark.text = _("示例，园区、人员和数字均为虚构")
        mark.alignment, mark.paragraph_format.line_spacing = WD_ALIGN_PARAGRAPH.CENTER, 1.0
        mark.style.font.size = Pt(FOOTER_FONT_SIZE)
    _add_page_number(page.footer.paragraphs[0])
    title = paper.add_paragraph(style="Title")
    title.add_run(
        _("关于{period}目标完成情况的通报（示例）", period=head.period)
        if head.sample
        else _("关于{period}目标完成情况的通报", period=head.period)
    )
    _indent_first_line(paper.add_paragraph(_("{standing}。现将有关情况通报如下。", standing=opening)))
    for number, (heading, lines) in enumerate(sections):
        mark = f"{CHINESE_NUMERALS[number]}、" if lang() == "zh" else f"{number + 1}. "
        paper.add_heading(mark + heading, 1)
        for line in lines or [_("没有。")]:
            _indent_first_line(paper.add_paragraph(line))
    attached = [_("重点目标走势图")] if drawn else []
    attached.append(_("各项目标完成情况表"))
    names = [_("附件{number}：{name}", number=number, name=name) for number, name in enumerate(attached, 1)]
    _add_signature(paper, head, names)
    for name in names:
        wide = paper.add_section()
        if name == names[-1]:
            wide.orientation, wide.page_width, wide.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
        wide.left_margin = wide.right_margin = wide.top_margin = Mm(20)
        wide.bottom_margin = Mm(15)
        paper.add_heading(name, 1)
        if name != names[-1]:
            for picture in drawn:
                paper.add_picture(io.BytesIO(pictures.render_png(picture)), width=Mm(PICTURE_WIDTH))
                # A line of fixed height would show a strip of the picture.
                paper.paragraphs[-1].paragraph_format.line_spacing = 1.0
    _add_table(paper, rows)
    for text in filter(None, (explained, head.link)):
        note = paper.add_paragraph(text)
        note.paragraph_format.line_spacing, note.paragraph_format.space_before = 1.0, Pt(TABLE_FONT_SIZE)
        note.runs[0].font.size = Pt(TABLE_FONT_SIZE)
    _set_properties(paper, title.text, head)
    content = io.BytesIO()
    paper.save(content)
    return content.getvalue()


def _set_properties(paper: Any, title: str, head: CircularHeader) -> None:
    """State whose paper it is and of which day, in place of what the empty file of the library says of itself."""
    core = paper.core_properties
    core.title, core.author, core.last_modified_by, core.comments = title, head.place, head.place, ""
    core.language = "zh-CN" if lang() == "zh" else "en"
    core.created = core.modified = datetime(head.day.year, head.day.month, head.day.day, tzinfo=UTC)
    package = paper.part.package
    for key, part in [(key, relation.target_part) for key, relation in package.rels.items()]:
        if part.partname == "/docProps/app.xml":
            part._blob = EXTENDED_PROPERTIES.format(company=escape(head.place)).encode()
        elif part.partname == "/docProps/thumbnail.jpeg":  # a picture of the library's empty page
            del package.rels[key]


def _add_signature(paper: Any, head: CircularHeader, attached: list[str]) -> None:
    """Add the names of the attachments, then place and day to the right, on one page with the last line of the text."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415

    last = len(paper.paragraphs) - 1
    paper.add_paragraph()
    for name in attached:
        _indent_first_line(paper.add_paragraph(name))
    paper.add_paragraph()
    for text in (head.place, figures.format_date(head.day.isoformat())):
        paper.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for paragraph in paper.paragraphs[last:-1]:
        paragraph.paragraph_format.keep_with_next = True


def _add_page_number(footer: Any) -> None:
    """Add the page number between dashes, as a field that the reader's program fills in."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Pt  # noqa: PLC0415

    footer.alignment, footer.paragraph_format.line_spacing = WD_ALIGN_PARAGRAPH.CENTER, 1.0
    footer.add_run("— ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    footer._p.append(field)
    footer.add_run(" —")
    footer.style.font.size = Pt(FOOTER_FONT_SIZE)


def _set_styles(paper: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Pt, RGBColor  # noqa: PLC0415

    for style, (font, size) in {"Normal": BODY, "Title": TITLE, "Heading 1": HEADING}.items():
        look = paper.styles[style]
        look.font.name, look.font.size = LATIN_FONT, Pt(size)
        look.font.color.rgb = RGBColor(0, 0, 0)
        look.font.bold = style != "Normal" and lang() != "zh"
        fonts = look.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), font)
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # a theme goes before a font
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        look.paragraph_format.line_spacing = Pt(LINE_SPACING if size < TITLE[1] else LINE_SPACING + 6)
        look.paragraph_format.space_before = look.paragraph_format.space_after = Pt(0)
    # Which of the Han glyphs a program takes where the typeface is not there.
    languages = paper.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:lang')}")
    languages.set(qn("w:eastAsia"), "zh-CN")
    title = paper.styles["Title"]
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(LINE_SPACING)
    for border in title.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)


def _indent_first_line(paragraph: Any) -> None:
    from docx.shared import Pt  # noqa: PLC0415

    paragraph.paragraph_format.first_line_indent = Pt(2 * BODY[1]) if lang() == "zh" else None


def _add_table(paper: Any, rows: list[dict[str, str]]) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.shared import Mm, Pt  # noqa: PLC0415

    if not rows:
        paper.add_paragraph(_("没有。"))
        return
    table = paper.add_table(rows=1, cols=len(rows[0]), style="Table Grid")
    for number, cells in enumerate([list(rows[0]), *(list(row.values()) for row in rows)]):
        line = table.add_row() if number else table.rows[0]
        properties = line._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if not number:
            properties.append(OxmlElement("w:tblHeader"))
        for cell, text in zip(line.cells, cells, strict=True):
            cell.text = text
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.line_spacing = 1.0
                for run in paragraph.runs:
                    run.font.size, run.font.bold = Pt(TABLE_FONT_SIZE), not number
    table.autofit = False
    share = TABLE_WIDTH / (len(rows[0]) + 1)
    for place, column in enumerate(table.columns):
        # The first column names a target and takes twice what another takes.
        column.width = Mm(share if place else 2 * share)
        for cell in column.cells:
            cell.width = column.width
