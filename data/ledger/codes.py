"""Codes of a ledger: found for the names that its cells hold, and told by name in what is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import polars as pl

from data.ledger import workbook
from data.ledger.definition import get_sheet_definitions, make_flaw
from data.tables.form import ColumnDefinition
from data.tables.problems import Flaw

NAMED_TABLES = ("department", "leader", "park")  # a cell may hold the name in place of the code
NAMES = {
    "department": "name", "leader": "name", "project": "name", "commitment": "name", "task": "title",
    "problem": "title",
}  # fmt: skip


@dataclass(frozen=True)
class PublishedReferences:
    """What a cell may refer to outside the workbook: indicators of the catalogue, and published targets and
    commitments.
    """

    indicators: pl.DataFrame  # indicator_id, name_zh, name_en, measure, unit_id
    aims: dict[str, dict[str, list[str]]]  # target or commitment: park, codes
    units: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # what each unit is called


def replace_names_by_codes(
    rows: workbook.Rows, park: str, published: PublishedReferences
) -> tuple[list[Flaw], dict[str, str]]:
    """Replace each name that refers to another sheet or the catalogue by its code.

    Return a flaw for each one not found, and what the workbook calls each indicator first, by its code.
    """
    codes = {table: _collect_codes(rows, table) for table in get_sheet_definitions()}
    codes["indicator"] = _match_names(
        (row["indicator_id"], [row["name_zh"], row["name_en"]]) for row in published.indicators.iter_rows(named=True)
    )
    for table, of_park in published.aims.items():
        codes[table] |= {code: [code] for code in of_park.get(park, [])}
    flaws = []
    written: dict[str, str] = {}
    for table, sheet in get_sheet_definitions().items():
        for column in sheet.columns:
            if not column.refers:
                continue
            known = codes[column.refers]
            for number, row in rows[table]:
                value = row.get(column.name)
                if value is None:
                    continue
                asked = value if column.kind == "codes" else [value]
                unknown = [part for part in asked if part not in known]
                several = [part for part in asked if len(known.get(part, ())) > 1]
                flaws += [_make_ambiguous_flaw(table, number, column, part, known[part]) for part in several]
                if unknown:
                    flaws.append(_make_unknown_flaw(table, number, column, unknown))
                elif column.refers == "indicator" and not several:
                    written.setdefault(known[value][0], value)
                found = [known[part][0] for part in asked if part in known and part not in several]
                row[column.name] = found if column.kind == "codes" else (found[0] if found else None)
    return flaws, written


def _collect_codes(rows: workbook.Rows, table: str) -> dict[str, list[str]]:
    """Return what cells may call the things of a sheet, with the codes that each may mean."""
    sheet = get_sheet_definitions()[table]
    if len(sheet.key) > 1:
        return {}
    named = table in NAMED_TABLES
    return _match_names(
        (str(row[sheet.key[0]]), [row.get("name"), row.get("name_en")] if named else [])
        for _number, row in rows[table]
        if row.get(sheet.key[0])
    )


def _match_names(things: Iterable[tuple[str, list[str | None]]]) -> dict[str, list[str]]:
    """Return codes by names, all that share one; a code means itself, whatever is called so. things: code, names."""
    found: dict[str, list[str]] = {}
    codes = []
    for code, names in things:
        codes.append(code)
        for name in names:
            if name and code not in found.setdefault(name, []):
                found[name].append(code)
    return found | {code: [code] for code in codes}


def _make_ambiguous_flaw(table: str, number: int, column: ColumnDefinition, name: str, codes: list[str]) -> Flaw:
    zh = f"这个名称有几个：{'、'.join(codes)}。请改写代码"
    en = f"several bear this name: {', '.join(codes)}; write the code instead"
    return make_flaw(table, number, column.name, name, zh, en)


def _make_unknown_flaw(table: str, number: int, column: ColumnDefinition, unknown: list[str]) -> Flaw:
    value = "; ".join(unknown)
    if column.refers == "indicator":
        zh, en = (
            "没有这个指标。名称和代码见“数据与来源”页的指标口径",
            "no such indicator; names and codes stand on the page of sources, under definitions",
        )
    else:
        of = get_sheet_definitions()[str(column.refers)].name
        zh = f"“{of['zh']}”表里没有。请在那里加一行，或改正这里"
        en = f"not in the sheet {of['en']}; add it there, or correct it here"
    return make_flaw(table, number, column.name, value, zh, en)


def list_names(frames: dict[str, pl.DataFrame], written: dict[str, str]) -> pl.DataFrame:
    """List what the workbook calls the things that have a code: table, code, name.

    A target goes by its indicator and year. Where several share a name, the code stands behind it. frames: tables with
    codes. written: of replace_names_by_codes().
    """
    found = [pl.DataFrame({"code": written.keys(), "name": written.values()}).with_columns(table=pl.lit("indicator"))]
    for table, name in NAMES.items():
        code = get_sheet_definitions()[table].key[0]
        found.append(frames[table].select(code=code, name=name, table=pl.lit(table)))
    called = pl.col("indicator_id").replace(written)
    aims = frames["target"].select(
        code="target_id", name=pl.concat_str(called, pl.col("year"), separator=" "), table=pl.lit("target")
    )
    columns = {"table": pl.String, "code": pl.String, "name": pl.String}
    rows = pl.concat([one.select(pl.col(name).cast(kind) for name, kind in columns.items()) for one in [*found, aims]])
    rows = rows.drop_nulls().unique(["table", "code"], keep="first", maintain_order=True)
    once = pl.len().over("table", "name") == 1
    return rows.with_columns(name=pl.when(once).then("name").otherwise(pl.format("{} ({})", "name", "code")))
