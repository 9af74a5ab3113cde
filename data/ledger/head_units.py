"""The unit that a head claims for all values of a sheet of a ledger, against the units of the indicators below it."""

from collections.abc import Mapping

from data.ledger import workbook
from data.ledger.codes import PublishedReferences
from data.ledger.definition import VALUE, get_sheet_definitions, make_flaw
from data.ledger.per_cents import PER_CENT, is_per_cent_row
from data.tables.problems import Flaw


def find_head_unit_flaws(rows: workbook.Rows, units: Mapping[str, str], published: PublishedReferences) -> list[Flaw]:
    """Return a flaw for each head that claims a unit which is not that of every row below.

    rows: with codes of indicators. units: claimed in the heads, by sheet.
    """
    of_indicator = dict(published.indicators.select("indicator_id", "unit_id").iter_rows())
    flaws = []
    for table, claimed in units.items():
        column = get_sheet_definitions()[table].column(VALUE)
        for number, row in rows[table]:
            per_cent = is_per_cent_row(row, of_indicator)
            if per_cent is None:
                continue
            unit = PER_CENT if per_cent else of_indicator[row["indicator_id"]]
            names = published.units.get(unit, (unit, unit))
            if workbook.normalize_unit(claimed) not in {workbook.normalize_unit(name) for name in (unit, *names)}:
                zh = (
                    f"表头括号里写的是“{claimed}”，第 {number} 行的单位是{names[0]}。请把数改成指标的单位，"
                    f"表头改回“{column.head['zh']}”"
                )
                en = (
                    f"the head says {claimed!r} in brackets, and row {number} is in {names[-1]}; write the values in "
                    f"the unit of their indicator, and the head as {column.head['en']!r}"
                )
                flaws.append(make_flaw(table, 1, VALUE, claimed, zh, en))
                break
    return flaws
