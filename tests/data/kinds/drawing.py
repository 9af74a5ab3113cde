"""What the laws of the kinds of tables share: how a drawn file is read, and what may come of it."""

import io
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import xlsxwriter
from hypothesis import settings
from hypothesis import strategies as st

from data.files.open_file import read_sheets
from data.intake.reader import SheetReading, read_mapped_sheets
from data.layouts.blocks import arrange_tables
from data.layouts.guessing import guess_mapping
from data.values.vocabulary import Vocabulary, read_vocabulary
from queries.database.engine import open_cursor

# DRAWS=5000 draws so many files for each law.
LAWS = settings(derandomize=True, deadline=None, max_examples=int(os.environ.get("DRAWS", "15")), database=None)
PLACE = "湘潭高新区"
FLOWS = {
    "工业总产值": "industrial_output",
    "财税收入": "fiscal_tax_revenue",
    "地区生产总值": "gdp",
    "营业收入": "operating_revenue",
    "一般公共预算收入": "general_public_budget_revenue",
    "固定资产投资": "fixed_asset_investment",
    "增加值": "value_added",
    "产业增加值": "industries_value_added",
    "技工贸总收入": "total_revenue",
}
Grid = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Figure:
    """A figure as it is drawn and as it is loaded; value and growth as written, None where there is none."""

    indicator: str
    period: str
    value: str | None
    unit: str | None = "yi_cny"
    growth: str | None = None


def get_known() -> Vocabulary:
    with open_cursor() as connection:
        return read_vocabulary(connection)


@dataclass(frozen=True)
class Loaded:
    """What became of a file."""

    readings: list[SheetReading]

    @property
    def figures(self) -> set[Figure]:
        found = set()
        for read in self.readings:
            if read.accepted.height:
                assert set(read.accepted["park_id"]) == {"xthtz"}
                rows = read.accepted.select("indicator_id", "period", "value_text", "unit_id", "growth_text").rows()
                found |= {Figure(*row) for row in rows}
        return found

    @property
    def told(self) -> str:
        """Everything that is said of the file: its defects, with their heads, and its remarks."""
        flaws = [flaw for read in self.readings for flaw in (*read.flaws(), *read.notices)]
        return "\n".join(flaw.describe("zh") for flaw in flaws)

    @property
    def refused(self) -> list[tuple[int, str]]:
        """Row and head of each defect."""
        return [(flaw.row, flaw.column) for read in self.readings for flaw in read.flaws()]

    @property
    def untaken(self) -> list[str]:
        """The heads that are named as not taken."""
        return [read.sheet.heads[place] for read in self.readings for place in read.mapping.untaken]


def load(content: bytes | str, known: Vocabulary, name: str = "file.csv") -> Loaded:
    """Read a file as the command does, with nothing chosen by hand."""
    sheets = arrange_tables(read_sheets(content.encode() if isinstance(content, str) else content, name), known)
    mappings = {place: guess_mapping(sheet, known) for place, sheet in enumerate(sheets)}
    found = Loaded([read for _place, read in read_mapped_sheets(sheets, mappings, known)])
    for read in found.readings:
        mapping = read.mapping
        held = {*mapping.columns.values(), *mapping.untaken, *(part.place for part in mapping.spread)}
        silent = [head for place, head in enumerate(read.sheet.heads) if head and place not in held]
        assert not silent, f"neither read nor named: {silent}"
    return found


def hold_law(found: Loaded, drawn: Iterable[Figure], untaken: Iterable[str] = ()) -> None:
    """Every figure is loaded as it was drawn, no other is, and the heads that are none are named."""
    assert found.figures == set(drawn), found.told
    assert not found.refused, found.told
    assert set(untaken) <= set(found.untaken)


def hold_law_or_refuse(found: Loaded, drawn: Iterable[Figure]) -> None:
    """Nothing is loaded that was not drawn, and where something is missing a row and its head are named."""
    missing = set(drawn) - found.figures
    assert found.figures <= set(drawn), found.told
    assert not missing or found.refused


def make_csv(grid: Grid) -> str:
    """Make a CSV; cells hold no quotes or breaks."""
    return "".join(",".join(f'"{cell}"' if "," in cell else cell for cell in row) + "\n" for row in grid)


def make_xlsx(
    sheets: dict[str, Grid], formats: Callable[[str, int, int], str | None] | None = None, hidden: Iterable[str] = ()
) -> bytes:
    """Make a workbook of text and numbers. formats: of a cell, by sheet, row and column; what has one is a number."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for name, grid in sheets.items():
            page = book.add_worksheet(name)
            if name in hidden:
                page.hide()
            for row, cells in enumerate(grid):
                for column, cell in enumerate(cells):
                    code = formats(name, row, column) if formats else None
                    if code is None:
                        page.write_string(row, column, cell)
                    else:
                        page.write_number(row, column, float(cell), book.add_format({"num_format": code}))
    return buffer.getvalue()


def draw_numbers(draw: st.DrawFn, count: int, least: int = 1_000, most: int = 99_999) -> list[str]:
    """Draw different numbers as written, with one decimal or none."""
    found = draw(st.lists(st.integers(least, most), min_size=count, max_size=count, unique=True))
    return [f"{number / 10:.1f}" if number % 3 else str(number) for number in found]


def draw_growths(draw: st.DrawFn, count: int) -> list[str]:
    """Draw different growths as written, none of them below 1."""
    found = draw(st.lists(st.integers(11, 999), min_size=count, max_size=count, unique=True))
    return [f"{'-' if number % 4 == 0 else ''}{number / 10:.1f}" for number in found]


def draw_flows(draw: st.DrawFn, most: int = 3) -> list[str]:
    """Draw the names of some indicators in 亿元, each counted over a time."""
    names = [name for name in FLOWS if name != "增加值"]
    return draw(st.lists(st.sampled_from(names), min_size=1, max_size=most, unique=True))
