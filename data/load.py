"""Load own figures, or a ledger, for good: all of it, or every defect named and what is in use stays.

Figures, targets, places, indicators (CSV or XLSX; docs/own-data.md tells how a file looks):
  python -m data.load FILE...            check the files and put them in use together, each as a batch
  python -m data.load FILE... --check    only check; writes nothing
  python -m data.load FILE... --accept   load the rows that are in order; the others go to FILE.refused.csv
  python -m data.load FILE --replace BATCH   the same, and take a batch of before out of use in one step
  python -m data.load --list             every batch: code, state, time, rows, SHA-256, file
  python -m data.load --remove BATCH...  take batches (20261125-1a2b3c4d) out of use; they stay kept
  python -m data.load --restore BATCH    put it in use again

A ledger (a workbook with the sheet Park; docs/ledger.md):
  python -m data.load ledger.xlsx        check it and put it in use; the version before is kept
  python -m data.load --empty new.xlsx   write the empty workbook; --sample: filled with the sample
  python -m data.load --versions PARK    what is kept of a park
  python -m data.load --restore PARK     put the version before in use again, or the one named by --version
  python -m data.load --remove PARK      take it out of use; what is kept stays

Every command can be repeated as it stands after it was killed or the power failed.
--remove and --restore tell the two apart by their form: a batch is eight digits, a hyphen and eight more.
"""

import argparse
import sys
from pathlib import Path

from data import batches, load_figures, load_ledger, settings, store
from data.build import BrokenSources, BuildFailed
from data.fields import TABLES
from data.flaws import BrokenLedger
from data.incoming import Unreadable
from data.load_figures import Misused, Wishes
from data.load_words import WORDS, told
from data.loading import AlreadyLoaded
from data.workbook import is_ledger


def options() -> argparse.ArgumentParser:
    """What may be typed."""
    parser = argparse.ArgumentParser(
        prog="python -m data.load", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE", help="CSV or XLSX of figures, or one ledger")
    parser.add_argument("--check", action="store_true", help="only check; write nothing")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="language of the messages")
    figures = parser.add_argument_group("figures")
    figures.add_argument("--accept", action="store_true", help="load the good rows of a file that has defects")
    figures.add_argument("--map", action="append", default=[], metavar="FIELD=HEAD", help="which column holds a field")
    figures.add_argument("--fix", action="append", default=[], metavar="FIELD=TEXT", help="a value for every row")
    figures.add_argument("--table", choices=TABLES, help="what the files hold, where the heads do not tell")
    figures.add_argument("--sheet", action="append", default=[], metavar="NAME", help="only this sheet of a workbook")
    figures.add_argument("--replace", action="append", default=[], metavar="BATCH", help="take it out of use with it")
    figures.add_argument("--list", action="store_true", help="every batch, in use or not")
    ledger = parser.add_argument_group("ledger")
    ledger.add_argument("--empty", type=Path, metavar="FILE", help="write the empty workbook")
    ledger.add_argument("--sample", type=Path, metavar="FILE", help="write the workbook filled with the sample")
    ledger.add_argument("--versions", metavar="PARK", help="list what is kept")
    ledger.add_argument("--version", help="which one to restore; without it the one before")
    both = parser.add_argument_group("batches and ledgers")
    both.add_argument("--remove", nargs="+", metavar="BATCH|PARK", help="take batches or a ledger out of use")
    both.add_argument("--restore", metavar="BATCH|PARK", help="put a batch or a ledger in use again")
    return parser


def files(chosen: argparse.Namespace) -> int:
    """Load the files that were named."""
    lang, words = chosen.lang, WORDS[chosen.lang]
    for path in chosen.files:
        if not path.is_file():
            raise Misused(words["no_file"].format(name=path))
    ledgers = [path for path in chosen.files if is_ledger(path)]
    if ledgers:
        if len(chosen.files) > 1:
            raise Misused(words["one_file"])
        if chosen.accept or chosen.map or chosen.fix or chosen.sheet:
            raise Misused(words["not_both"])
        load_ledger.load(ledgers[0], lang, only_check=chosen.check)
        return 0
    heads, fixed = load_figures.pairs(chosen.map, lang), load_figures.pairs(chosen.fix, lang)
    sheets, replaced = tuple(chosen.sheet), tuple(chosen.replace)
    wishes = Wishes(lang, chosen.check, chosen.accept, sheets, chosen.table, replaced, heads, fixed)
    return load_figures.load(chosen.files, wishes)


def done(chosen: argparse.Namespace) -> int | None:
    """Do what was asked for; None where nothing was."""
    lang, code = chosen.lang, 0
    if chosen.empty or chosen.sample:
        load_ledger.write(chosen.empty or chosen.sample, lang, sample=bool(chosen.sample))
    elif chosen.list:
        load_figures.show(lang)
    elif chosen.versions:
        load_ledger.show(chosen.versions, lang)
    elif chosen.restore:
        if batches.FORM.fullmatch(chosen.restore):
            code = load_figures.put([chosen.restore], lang, use=True)
        else:
            load_ledger.restore(chosen.restore, chosen.version, lang)
    elif chosen.remove:
        if all(map(batches.FORM.fullmatch, chosen.remove)):
            code = load_figures.put(chosen.remove, lang, use=False)
        else:
            for park in chosen.remove:
                load_ledger.remove(park, lang)
    elif chosen.files:
        code = files(chosen)
    else:
        return None
    return code


def main() -> int:
    """The command line. Exit code 0: done; 1: a defect, no such file or batch, or a refusing disk."""
    parser = options()
    chosen = parser.parse_args()
    words, code = WORDS[chosen.lang], 1
    for complaint in settings.complaints():
        print(complaint, file=sys.stderr)
    try:
        found = done(chosen)
        if found is None:
            parser.print_help()
        code = found or 0
    except BrokenLedger as error:
        print(words["defects"].format(n=len(error.flaws)), file=sys.stderr)
        print(told(error.flaws, chosen.lang), file=sys.stderr)
    except Unreadable as error:
        print(error.flaw.said(chosen.lang), file=sys.stderr)
    except AlreadyLoaded as error:
        code = load_figures.already(error, chosen.lang)
    except batches.StoreFailed as error:
        print(error.zh if chosen.lang == "zh" else error, file=sys.stderr)
    except (OSError, store.NoSuchVersion, BrokenSources, BuildFailed, Misused) as error:
        print(error, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
