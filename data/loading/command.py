"""Run the commands of python -m data.load, and turn errors into sentences.

Started by data/load.py as a separate process if there are files to read.
"""

import argparse
import gc
import os
import queue
import sys
from typing import Any

from data.database.build import BrokenSources, BuildFailed
from data.ledger import versions
from data.ledger.definition import BrokenLedger
from data.ledger.workbook import is_ledger
from data.loading import figures_command, ledger_command
from data.loading.activation import AlreadyLoaded
from data.loading.arguments import make_argument_parser
from data.loading.figures_command import LoadOptions, MisusedOptions
from data.loading.messages import COMMAND_MESSAGES, ENDED_MESSAGES, format_flaws
from data.storage import batches
from data.storage.processes import is_out_of_memory, restrict_process, set_alarm, start_listener
from data.tables.problems import UnreadableFile


def run_and_report(chosen: argparse.Namespace) -> int | None:
    """Run the requested command and report errors; return the exit code, None if no command was given."""
    words, code = COMMAND_MESSAGES[chosen.lang], 1
    try:
        return run_command(chosen)
    except BrokenLedger as error:
        print(words["defects"].format(n=len(error.flaws)), file=sys.stderr)
        print(format_flaws(error.flaws, chosen.lang), file=sys.stderr)
    except UnreadableFile as error:
        print(error.flaw.describe(chosen.lang), file=sys.stderr)
    except AlreadyLoaded as error:
        code = figures_command.print_already_loaded(error, chosen.lang)
    except batches.StorageError as error:
        print(error.zh if chosen.lang == "zh" else error, file=sys.stderr)
    except (OSError, versions.NoSuchVersion, BrokenSources, BuildFailed, MisusedOptions) as error:
        print(error, file=sys.stderr)
    return code


def load_files(chosen: argparse.Namespace) -> int:
    """Load the files that were named; return the exit code."""
    lang, words = chosen.lang, COMMAND_MESSAGES[chosen.lang]
    for path in chosen.files:
        if not path.is_file():
            raise MisusedOptions(words["no_file"].format(name=path))
    ledgers = [path for path in chosen.files if is_ledger(path)]
    if ledgers:
        if len(chosen.files) > 1:
            raise MisusedOptions(words["one_file"])
        if chosen.accept or chosen.map or chosen.fix or chosen.sheet:
            raise MisusedOptions(words["not_both"])
        ledger_command.load_ledger_workbook(ledgers[0], lang, only_check=chosen.check)
        return 0
    heads, fixed = (
        figures_command.parse_field_options(chosen.map, lang),
        figures_command.parse_field_options(chosen.fix, lang),
    )
    sheets, replaced = tuple(chosen.sheet), tuple(chosen.replace)
    wishes = LoadOptions(lang, chosen.check, chosen.accept, sheets, chosen.table, replaced, chosen.json, heads, fixed)
    return figures_command.load_figure_files(chosen.files, wishes)


def run_command(chosen: argparse.Namespace) -> int | None:
    """Run the requested command; return the exit code, None if no command was given.

    Raises what run_and_report() reports.
    """
    lang, code = chosen.lang, 0
    if chosen.empty or chosen.sample:
        ledger_command.write_ledger_template(chosen.empty or chosen.sample, lang, sample=bool(chosen.sample))
    elif chosen.list:
        figures_command.print_batches(lang)
    elif chosen.versions:
        ledger_command.print_ledger_versions(chosen.versions, lang)
    elif chosen.restore:
        if batches.BATCH_ID_PATTERN.fullmatch(chosen.restore):
            code = figures_command.switch_batches([chosen.restore], lang, use=True)
        else:
            ledger_command.restore_ledger(chosen.restore, chosen.version, lang)
    elif chosen.remove:
        if all(map(batches.BATCH_ID_PATTERN.fullmatch, chosen.remove)):
            code = figures_command.switch_batches(chosen.remove, lang, use=False)
        else:
            for park in chosen.remove:
                ledger_command.remove_ledger(park, lang)
    elif chosen.files:
        code = load_files(chosen)
    else:
        return None
    return code


def main() -> int:
    """Run the requested command in the child process, within the limits in the first line of standard input."""
    questions: queue.Queue[tuple[dict[str, Any], bytes]] = queue.Queue()
    start_listener(sys.stdin.buffer, questions)
    limits, _ = questions.get()
    gc.disable()  # a file makes millions of small things, none of them in circles; the process ends soon
    restrict_process(limits["memory"], patient=False, writing=True)
    set_alarm(limits["seconds"])  # until the files are read
    try:
        return run_and_report(make_argument_parser().parse_args()) or 0
    except KeyboardInterrupt:
        return 130
    except BaseException as error:  # a panic of a library is no Exception
        if is_out_of_memory(error):
            os.abort()  # which is how libraries end that find no memory
        print(ENDED_MESSAGES["failed"][make_argument_parser().parse_args().lang], file=sys.stderr)
        print(f"({type(error).__name__}: {error})", file=sys.stderr)
        return 1


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # a thread of it waits for its parent's end, and Python would wait for that one
