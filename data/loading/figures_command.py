"""Files of own figures on the command line: checked, put in use, listed, taken out, put back."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from data.database.build import BrokenSources
from data.intake.columns import Mapping, guessed
from data.intake.fields import TABLE_WORDS, fields_of
from data.intake.reader import Entries, Progress
from data.intake.rejected_rows import refused_csv
from data.loading import activation
from data.loading.activation import AlreadyLoaded, Reading
from data.loading.messages import MOST_SHOWN, WORDS, told
from data.storage import batches
from data.storage.atomic import put as put_file
from data.storage.processes import alarm
from data.tables.open_file import content_of
from data.tables.sheet import Sheet
from data.values.vocabulary import Known, key


class Misused(ValueError):
    """Options that do not fit the files."""


@dataclass(frozen=True)
class Wishes:
    """What the options say. table: what the files hold; heads: field to head; fixed: field to a text for every row."""

    lang: str
    check: bool = False
    accept: bool = False
    sheets: tuple[str, ...] = ()
    table: str | None = None
    replaced: tuple[str, ...] = ()
    heads: dict[str, str] = field(default_factory=dict)
    fixed: dict[str, str] = field(default_factory=dict)

    def mapped(self, sheet: Sheet, known: Known) -> Mapping:
        """The guess, changed as the options say. Raises Misused for a head that is not there."""
        mapping = guessed(sheet, known, self.table)
        columns = dict(mapping.columns)
        named = {key(head): place for place, head in enumerate(sheet.heads)}
        for name, head in self.heads.items():
            if key(head) not in named:
                shown = (
                    "、".join(filter(None, sheet.heads)) if self.lang == "zh" else ", ".join(filter(None, sheet.heads))
                )
                raise Misused(WORDS[self.lang]["no_head"].format(head=head, heads=shown))
            columns = {one: place for one, place in columns.items() if place != named[key(head)]}
            columns[name] = named[key(head)]
        spread = tuple(part for part in mapping.spread if part.place not in columns.values())
        return mapping.changed(columns=columns, spread=spread, fixed=mapping.fixed | self.fixed)


def pairs(texts: Sequence[str], lang: str) -> dict[str, str]:
    """Options FIELD=TEXT by field; the field by its name in either language. Raises Misused."""
    named = {
        key(word): one.name for table in TABLE_WORDS for one in fields_of(table) for word in (one.zh, one.en, one.name)
    }
    found = {}
    for text in texts:
        name, apart, value = text.partition("=")
        if not apart or key(name) not in named:
            words = [one.zh if lang == "zh" else one.name for one in fields_of("observation")]
            raise Misused(WORDS[lang]["pairs"].format(fields="、".join(words) if lang == "zh" else ", ".join(words)))
        found[named[key(name)]] = value
    return found


def load(paths: Sequence[Path], wishes: Wishes) -> int:
    """Check files and put them in use; exit code 0 where all that was asked for was done."""
    lang, words = wishes.lang, WORDS[wishes.lang]
    files = [(path.name, content_of(path)) for path in paths]
    readings = activation.read_files(files, activation.catalogue(), wishes.mapped, _progress(lang))
    alarm(0)
    if not wishes.check:  # before defects are told: what a file in use adds is in the catalogue by now
        activation.refuse_twice([reading.sha256 for reading in readings], wishes.replaced)
    readings = [_chosen(reading, wishes) for reading in readings]
    broken = _reported(readings, wishes)
    if wishes.check:
        print(words["checked"])
        return 1 if broken else 0
    if broken and not wishes.accept:
        names = ", ".join(str(_refused_name(path, "")) for path in paths)
        print(words["nothing"].format(files=names), file=sys.stderr)
        return 1
    if not any(reading.accepted for reading in readings):
        print(words["no_rows"], file=sys.stderr)
        return 1
    used = batches.names_in_use()
    for batch_id in wishes.replaced:
        if batch_id not in used:
            raise Misused(words["no_batch"].format(batch=batch_id, those=", ".join(used) or "—"))
    for path, reading in zip(paths, readings, strict=True):
        _write_refused(path, reading, lang)  # before the load, so that one that is killed leaves them whole
    made = activation.keep([reading for reading in readings if reading.accepted], _progress(lang), wishes.replaced)
    for about in made:
        print(words["loaded"].format(batch=about.batch_id, rows=_counted(about.rows, lang)))
    return 0


def _reported(readings: Sequence[Reading], wishes: Wishes) -> bool:
    """Tell what each file holds and what is wrong with it; whether anything is."""
    broken = False
    for reading in readings:
        for sheet in reading.sheets:
            _report(reading, sheet, wishes.lang)
            broken |= not sheet.defects.is_empty()
    for held in activation.overlaps(readings).iter_rows(named=True):
        if held["batch_id"] not in wishes.replaced:
            print(WORDS[wishes.lang]["overlap"].format(**held))
    return broken


def _write_refused(path: Path, reading: Reading, lang: str) -> None:
    """Write the refused rows of a file beside it, of each sheet by itself."""
    several = sum(bool(sheet.rows_refused) for sheet in reading.sheets) > 1
    for sheet in reading.sheets:
        if sheet.rows_refused:
            name = _refused_name(path, sheet.sheet.name if several else "")
            put_file(name, refused_csv(sheet, lang))
            print(WORDS[lang]["written_refused"].format(name=name))


def _chosen(reading: Reading, wishes: Wishes) -> Reading:
    if not wishes.sheets:
        return reading
    named = {sheet.sheet.name: sheet for sheet in reading.sheets}
    for name in wishes.sheets:
        if name not in named:
            raise Misused(WORDS[wishes.lang]["no_sheet"].format(sheet=name, those=", ".join(named)))
    return Reading(reading.file_name, reading.sha256, tuple(named[name] for name in wishes.sheets))


def _refused_name(path: Path, sheet: str) -> Path:
    apart = "".join(letter if letter.isalnum() else "_" for letter in sheet)
    return path.with_name(f"{path.name}{'.' + apart if apart else ''}.refused.csv")


def _counted(rows: dict[str, int], lang: str) -> str:
    parts = [
        f"{TABLE_WORDS[table][0]} {count}" if lang == "zh" else f"{TABLE_WORDS[table][1].lower()} {count:,}"
        for table, count in rows.items()
    ]
    return "，".join(parts) if lang == "zh" else ", ".join(parts)


def _report(reading: Reading, read: Entries, lang: str) -> None:
    words = WORDS[lang]
    name = words["sheet"].format(sheet=read.sheet.name) if read.sheet.name else ""
    print(
        words["table"].format(
            name=reading.file_name, sheet=name, table=TABLE_WORDS[read.table][0 if lang == "zh" else 1],
            read=read.read, accepted=read.rows_accepted, refused=read.rows_refused, skipped=read.skipped,
        )
    )  # fmt: skip
    if read.notices:
        print(words["remarks"].format(n=len(read.notices)))
        print(told(list(read.notices), lang))
    if not read.defects.is_empty():
        print(words["refused"].format(n=read.defects.height), file=sys.stderr)
        print(told(read.flaws(MOST_SHOWN), lang, read.defects.height), file=sys.stderr)


def _progress(lang: str) -> Progress | None:
    """A line of progress where somebody sits at a terminal."""
    if not sys.stderr.isatty():
        return None

    def show(part: float, zh: str, en: str) -> None:
        line = f"{part:4.0%} {zh if lang == 'zh' else en}"
        print(f"\r\033[K{line}" if part < 1 else "\r\033[K", end="", file=sys.stderr, flush=True)

    return show


def already(error: AlreadyLoaded, lang: str) -> int:
    """Say that files are in use; exit code 0 where all that was asked for holds now."""
    words = WORDS[lang]["finished" if error.finished else "again" if error.done else "again_others"]
    for batch in error.batches:
        said = words.format(name=batch.file_name, batch=batch.batch_id, loaded=batch.loaded.replace("T", " "))
        print(said, file=sys.stdout if error.done else sys.stderr)
    return 0 if error.done else 1


def show(lang: str) -> None:
    """Every batch, one a line, apart by tabs."""
    words, kept, used = WORDS[lang], batches.kept(), set(batches.names_in_use())
    damaged = {*batches.names_kept(), *used} - {batch.batch_id for batch in kept}
    if not kept and not damaged:
        print(words["no_batches"])
        return
    print("\t".join(words["columns"].split()))
    for batch in kept:
        state = words["used" if batch.batch_id in used else "kept_batch"]
        counts = [str(batch.rows.get(table, 0)) for table in batches.TABLES]
        loaded = batch.loaded.replace("T", " ")
        print("\t".join([batch.batch_id, state, loaded, *counts, str(batch.refused), batch.sha256, batch.file_name]))
    for name in sorted(damaged):
        state = words["damaged_in_use" if name in used else "damaged"]
        print("\t".join([name, state, *[""] * 6, "", words["damaged_mend"].format(batch=name)]))


def put(names: Sequence[str], lang: str, *, use: bool) -> int:
    """Put batches in use or take them out."""
    words = WORDS[lang]
    try:
        activation.put(*names, use=use)
    except activation.NoSuchBatch as error:
        print(words["no_batch"].format(batch=error.batch_id, those=error.there), file=sys.stderr)
        return 1
    except BrokenSources as error:
        print(words["needed"], file=sys.stderr)
        print(error, file=sys.stderr)
        return 1
    for name in names:
        print(words["batch_restored" if use else "batch_removed"].format(batch=name))
    return 0
