"""Load own figures, or a ledger, for good: either all of it, or nothing, with a list of every defect.

Figures, targets, places, indicators (CSV or XLSX; docs/own-data.md describes the files):
  python -m data.load FILE...            check the files and put them in use together, each as a batch
  python -m data.load FILE... --check    only check; writes nothing
  python -m data.load FILE... --accept   load the rows without defects; the others go to FILE.refused.csv
  python -m data.load FILE --replace BATCH   the same, and take an earlier batch out of use in the same step
  python -m data.load --list             every batch: code, state, time, rows, SHA-256, file
  python -m data.load --remove BATCH...  take batches (20261125-1a2b3c4d) out of use; they are kept
  python -m data.load --restore BATCH    put it in use again

A ledger (a workbook with the sheet Park; docs/ledger.md):
  python -m data.load ledger.xlsx        check it and put it in use; the version before is kept
  python -m data.load --empty new.xlsx   write the empty workbook; --sample: filled with the sample
  python -m data.load --versions PARK    the versions kept of a park
  python -m data.load --restore PARK     put the version before in use again, or the one named by --version
  python -m data.load --remove PARK...   take it out of use; its versions are kept

Every command can be repeated unchanged after it was killed or the power failed.
--remove and --restore tell the two apart by their form: a batch is eight digits, a hyphen and eight more.
"""

import sys

from data import settings
from data.isolation import pool
from data.loading.arguments import make_argument_parser


def main() -> int:
    """Run the command line; return its exit code.

    0: done; 1: a defect, no such file or batch, or the disk refuses; 130: Ctrl-C.
    Files are read and loaded in a separate process: if a file needs more memory or time than any table should, that
    process is ended, and this one reports it.
    """
    parser = make_argument_parser(__doc__ or "")
    chosen = parser.parse_args()
    for complaint in settings.find_setting_problems():
        print(complaint, file=sys.stderr)
    if not chosen.files:
        from data.loading import command  # noqa: PLC0415 - what takes a second to import is wanted in one process alone

        code = command.run_and_report(chosen)
        if code is None:
            parser.print_help()
        return code or 0
    limits = pool.get_operator_limits(sum(path.stat().st_size for path in chosen.files if path.is_file()))
    try:
        code, cause = pool.run_within_limits("data.loading.command", sys.argv[1:], limits)
    except KeyboardInterrupt:
        return 130
    if cause:
        from data.loading import outcome  # noqa: PLC0415 - as above
        from data.loading.messages import ENDED_MESSAGES  # noqa: PLC0415 - as above

        told = {
            lang: words.format(seconds=limits.seconds, memory=limits.memory / 1e6)
            for lang, words in ENDED_MESSAGES[cause].items()
        }
        print(told[chosen.lang], file=sys.stderr)
        if chosen.json:
            outcome.print_json({"error": told})
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main())
