"""Load files of own figures from the command line: check, put in use, list, take out, put back."""

import hashlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from data.database.build import BrokenSources
from data.files.open_file import read_file_bytes
from data.intake.reader import Progress, make_refused_csv
from data.layouts.columns import ColumnMapping
from data.layouts.fields import FIELDS, TABLES, get_fields
from data.layouts.guessing import guess_mapping
from data.loading import activation, report
from data.loading.activation import FileReading
from data.loading.messages import COMMAND_MESSAGES, MisusedOptions, format_message
from data.loading.outcome import Told, describe_error, tell_batch
from data.loading.report import uses_fixed_value
from data.storage import batches
from data.storage.atomic import write_file_atomically as put_file
from data.storage.processes import set_alarm
from data.tables.sheet import Sheet
from data.values.vocabulary import Vocabulary, normalize_name


@dataclass(frozen=True)
class LoadOptions:
    """The options of a load.

    table: what the files hold; heads: field to head; fixed: field to a
    text for every row that has none.
    """

    lang: str
    check: bool = False
    accept: bool = False
    sheets: tuple[str, ...] = ()
    table: str | None = None
    replaced: tuple[str, ...] = ()
    heads: dict[str, str] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)

    def make_mapping(self, sheet: Sheet, known: Vocabulary) -> ColumnMapping:
        """Return the guessed mapping, changed by the options. Raises MisusedOptions for a head that does not exist."""
        mapping = guess_mapping(sheet, known, self.table)
        columns = dict(mapping.columns)
        named = {normalize_name(head): place for place, head in enumerate(sheet.heads)}
        for name, head in self.heads.items():
            if normalize_name(head) not in named:
                raise MisusedOptions("no_head", head=head, heads=list(filter(None, sheet.heads)))
            if (
                len(
                    alike := [one for one, other in self.heads.items() if normalize_name(other) == normalize_name(head)]
                )
                > 1
            ):
                raise MisusedOptions("twice", name=head, those=alike)
            columns = {one: place for one, place in columns.items() if place != named[normalize_name(head)]}
            columns[name] = named[normalize_name(head)]
        spread = tuple(part for part in mapping.spread if part.place not in columns.values())
        takes = {one.name for one in get_fields(mapping.table)}
        fixed = mapping.fixed | {name: text for name, text in self.fixed.items() if name in takes}
        return mapping.changed(columns=columns, spread=spread, fixed=fixed)

    def refuse_idle_values(self, readings: Sequence[FileReading]) -> None:
        """Raise MisusedOptions if a value of --fix stands in no row, as none of them leaves its field open."""
        sheets = [read for reading in readings for read in reading.sheets]
        for name, text in self.fixed.items():
            if sheets and not any(uses_fixed_value(read, name) for read in sheets):
                fields = {one.name: one for read in sheets for one in get_fields(read.table)}
                heads = fields[name].head if name in fields else {"zh": name, "en": name}
                raise MisusedOptions("idle", field=heads, text=text)


def parse_field_options(texts: Sequence[str]) -> dict[str, str]:
    """Parse options FIELD=TEXT to texts by field; the field by its name in either language. Raises MisusedOptions."""
    named = {
        normalize_name(word): one.name
        for table in TABLES
        for one in get_fields(table)
        for word in (*one.head.values(), one.name)
    }
    found = dict[str, str]()
    for text in texts:
        name, apart, value = text.partition("=")
        if not apart or normalize_name(name) not in named:
            fields = get_fields("observation")
            heads = {"zh": "、".join(one.head["zh"] for one in fields), "en": ", ".join(one.name for one in fields)}
            raise MisusedOptions("pairs", fields=heads)
        field = named[normalize_name(name)]
        if found.setdefault(field, value) != value:
            raise MisusedOptions("twice", name=name, those=[found[field], value])
    return found


def find_copies(paths: Sequence[Path]) -> tuple[list[Path], list[tuple[Path, Path]]]:
    """Return the files without those that hold the same bytes as one before, and each such copy with that one."""
    if len(paths) < 2:
        return list(paths), []
    firsts: dict[str, Path] = {}
    copies = []
    for path in paths:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if firsts.setdefault(digest, path) is not path:
            copies.append((path, firsts[digest]))
    return list(firsts.values()), copies


def print_copy(copy: Path, first: Path, lang: str, told: Told | None) -> None:
    """Say that a file holds the same as another of the command. told: takes it, for --json."""
    if told is None:
        print(format_message("copy", lang, name=copy, first=first))
    else:
        told.setdefault("copies", []).append({"file": str(copy), "of": str(first)})


def load_figure_files(paths: Sequence[Path], wishes: LoadOptions, told: Told | None = None) -> int:
    """Check files and put them in use; return exit code 0 if everything requested was done.

    told: takes what would be printed, for --json.
    """
    lang, words = wishes.lang, COMMAND_MESSAGES[wishes.lang]
    files = [(path.name, read_file_bytes(path)) for path in paths]
    known = activation.read_current_vocabulary()
    readings = activation.read_files(files, known, wishes.make_mapping, _make_progress_printer(lang))
    set_alarm(0)
    if not wishes.check:  # before defects are told: what a file in use adds is in the catalogue by now
        # A file of which nothing is left, since another of the command says it all, becomes no batch.
        hashes = [reading.sha256 for reading in readings if reading.accepted or reading.refused]
        activation.check_not_loaded(hashes, wishes.replaced)
    readings = [_select_sheets(reading, wishes) for reading in readings]
    wishes.refuse_idle_values(readings)
    broken = report.report_readings(readings, known, lang, wishes.replaced, told)
    if wishes.check:
        if told is None:
            print(words["checked"])
        return 1 if broken else 0
    if broken and not wishes.accept:
        raise MisusedOptions("nothing", files=[_make_refused_path(path, "") for path in paths])
    if not any(reading.accepted for reading in readings):
        raise MisusedOptions("no_rows")
    used = batches.get_batch_ids_in_use()
    for batch_id in wishes.replaced:
        if batch_id not in used:
            raise MisusedOptions("no_batch", batch=batch_id, those=used)
    for path, reading in zip(paths, readings, strict=True):
        _write_refused(
            path, reading, lang, quiet=told is not None
        )  # before the load, so that one that is killed leaves them whole
    made = activation.activate_readings(
        [reading for reading in readings if reading.accepted], _make_progress_printer(lang), wishes.replaced
    )
    if told is not None:
        told["loaded"] = [tell_batch(about) for about in made]
    for about in made if told is None else ():
        print(words["loaded"].format(batch=about.batch_id, rows=_format_counts(about.rows, lang)))
    return 0


def _write_refused(path: Path, reading: FileReading, lang: str, *, quiet: bool) -> None:
    """Write the refused rows of a file next to it, one file per sheet."""
    several = sum(bool(sheet.rows_refused) for sheet in reading.sheets) > 1
    for sheet in reading.sheets:
        if sheet.rows_refused:
            name = _make_refused_path(path, sheet.sheet.name if several else "")
            put_file(name, make_refused_csv(sheet, lang))
            print(COMMAND_MESSAGES[lang]["written_refused"].format(name=name), file=sys.stderr if quiet else None)


def _select_sheets(reading: FileReading, wishes: LoadOptions) -> FileReading:
    if not wishes.sheets:
        return reading
    names = dict.fromkeys(sheet.sheet.name for sheet in reading.sheets)
    for name in wishes.sheets:
        if name not in names:
            raise MisusedOptions("no_sheet", sheet=name, those=list(names))
    chosen = tuple(sheet for sheet in reading.sheets if sheet.sheet.name in wishes.sheets)
    return FileReading(reading.file_name, reading.sha256, chosen)


def _make_refused_path(path: Path, sheet: str) -> Path:
    apart = "".join(letter if letter.isalnum() else "_" for letter in sheet)
    return path.with_name(f"{path.name}{'.' + apart if apart else ''}.refused.csv")


def _format_counts(rows: dict[str, int], lang: str) -> str:
    parts = [
        f"{FIELDS[table].name[lang]} {count}" if lang == "zh" else f"{FIELDS[table].name[lang].lower()} {count:,}"
        for table, count in rows.items()
    ]
    return "，".join(parts) if lang == "zh" else ", ".join(parts)


def _make_progress_printer(lang: str) -> Progress | None:
    """Return a function that prints a line of progress, if standard error is a terminal, else None."""
    if not sys.stderr.isatty():
        return None

    def show(part: float, zh: str, en: str) -> None:
        line = f"{part:4.0%} {zh if lang == 'zh' else en}"
        print(f"\r\033[K{line}" if part < 1 else "\r\033[K", end="", file=sys.stderr, flush=True)

    return show


def print_batches(lang: str) -> None:
    """Print every batch, one per line, separated by tabs."""
    words, kept, used = COMMAND_MESSAGES[lang], batches.get_batches(), set(batches.get_batch_ids_in_use())
    damaged = {*batches.get_batch_ids(), *used} - {batch.batch_id for batch in kept}
    if not kept and not damaged:
        print(words["no_batches"])
        return
    print("\t".join(words["columns"].split()))
    for batch in kept:
        state = words["used" if batch.batch_id in used else "kept_batch"]
        counts = [str(batch.rows.get(table, 0)) for table in batches.BATCH_TABLES]
        loaded = batch.loaded.replace("T", " ")
        print("\t".join([batch.batch_id, state, loaded, *counts, str(batch.refused), batch.sha256, batch.file_name]))
    for name in sorted(damaged):
        state = words["damaged_in_use" if name in used else "damaged"]
        print("\t".join([name, state, *[""] * 6, "", words["damaged_mend"].format(batch=name)]))


def switch_batches(names: Sequence[str], lang: str, *, use: bool) -> int:
    """Put batches in use or take them out; return the exit code."""
    words = COMMAND_MESSAGES[lang]
    try:
        activation.set_batches_in_use(*names, use=use)
    except activation.NoSuchBatch as error:
        print(words["no_batch"].format(batch=error.batch_id, those=error.there or "—"), file=sys.stderr)
        return 1
    except BrokenSources as error:
        print(words["needed"], file=sys.stderr)
        print(describe_error(error)[lang], file=sys.stderr)
        return 1
    for name in names:
        print(words["batch_restored" if use else "batch_removed"].format(batch=name))
    return 0
