"""The fields of each table that a user may load, from fields.csv: their heads in both languages, and other heads."""

import csv
import io
from pathlib import Path

from data.languages import LANGUAGES
from data.tables.form import ColumnDefinition, SheetDefinition
from data.themes import THEMES

FILE = Path(__file__).with_suffix(".csv")
TABLE_NAMES = {
    "observation": {"zh": "数据", "en": "Figures"},
    "target": {"zh": "目标", "en": "Targets"},
    "park": {"zh": "地区", "en": "Places"},
    "indicator": {"zh": "指标", "en": "Indicators"},
}
TABLES = tuple(TABLE_NAMES)
INSERTED_THEMES = {
    "{theme_words}": "; ".join(f"{theme.zh}={theme.code}" for theme in THEMES),
    "{themes_zh}": "、".join(theme.zh for theme in THEMES),
    "{themes_en}": " or ".join(theme.code for theme in THEMES),
}


def _parse_field(row: dict[str, str]) -> ColumnDefinition:
    pairs = [pair.split("=") for pair in row["words"].split("; ") if pair]
    head, note, example = ({lang: row[f"{part}_{lang}"] for lang in LANGUAGES} for part in ("head", "note", "example"))
    return ColumnDefinition(
        row["field"], row["kind"], head, note, row["needed"] == "yes", {en: (zh, en) for zh, en in pairs},
        row["refers"] or None, tuple(row["aliases"].split()), example,
    )  # fmt: skip


def _read_fields() -> dict[str, SheetDefinition]:
    text = FILE.read_text("utf-8")
    for mark, themes in INSERTED_THEMES.items():
        text = text.replace(mark, themes)
    rows = list(csv.DictReader(io.StringIO(text)))
    return {
        table: SheetDefinition(
            table, name, {"zh": "", "en": ""}, tuple(_parse_field(row) for row in rows if row["table"] == table)
        )
        for table, name in TABLE_NAMES.items()
    }


FIELDS = _read_fields()


def get_fields(table: str) -> tuple[ColumnDefinition, ...]:
    """Return the fields of a table, in the order of its template."""
    return FIELDS[table].columns
