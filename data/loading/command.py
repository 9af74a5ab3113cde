"""Run the commands of python -m data.load, and turn errors into sentences.

Started by data/load.py as a separate process if there are files to read.
"""

import argparse
import gc
import os
import queue
import sys
from typing import Any

from data.ledger.workbook import is_ledger
from data.loading import figures_command, ledger_command, outcome
from data.loading.activation import AlreadyLoaded
from data.loading.arguments import make_argument_parser
from data.loading.figures_command import LoadOptions
from data.loading.messages import ENDED_MESSAGES, MisusedOptions
from data.loading.removing import take_out_of_use
from data.storage import batches
from data.storage.processes import is_out_of_memory, restrict_process, set_alarm, start_listener


def run_and_report(chosen: argparse.Namespace) -> int | None:
    """Run the requested command and report errors; return the exit code, None if no command was given.

    With --json all that is said of files is one JSON object on standard output, whatever became of them; errors are
    sentences on standard error as well.
    """
    told: outcome.Told | None = {} if chosen.json and chosen.files else None
    code: int | None = 1
    try:
        code = run_command(chosen, told)
    except outcome.REFUSALS as error:
        done = isinstance(error, AlreadyLoaded) and error.done
        code = 0 if done else 1
        print(outcome.describe_error(error)[chosen.lang], file=None if done and told is None else sys.stderr)
        if told is not None:
            outcome.tell_error(error, told)
    if told is not None:
        outcome.print_json(told)
    return code


def load_files(chosen: argparse.Namespace, told: outcome.Told | None) -> int:
    """Load the files that were named; return the exit code. told: takes what would be printed, for --json."""
    lang = chosen.lang
    for path in chosen.files:
        if not path.is_file():
            raise MisusedOptions("folder" if path.is_dir() else "no_file", name=path)
    paths, copies = figures_command.find_copies(chosen.files)
    for copy, first in copies:
        figures_command.print_copy(copy, first, lang, told)
    ledgers = [path for path in paths if is_ledger(path)]
    if ledgers:
        if len(paths) > 1:
            raise MisusedOptions("one_file")
        if chosen.accept or chosen.map or chosen.fix or chosen.sheet:
            raise MisusedOptions("not_both")
        ledger_command.load_ledger_workbook(ledgers[0], lang, only_check=chosen.check, told=told)
        return 0
    heads, fixed = (
        figures_command.parse_field_options(chosen.map),
        figures_command.parse_field_options(chosen.fix),
    )
    sheets, replaced = tuple(chosen.sheet), tuple(chosen.replace)
    wishes = LoadOptions(lang, chosen.check, chosen.accept, sheets, chosen.table, replaced, heads, fixed)
    return figures_command.load_figure_files(paths, wishes, told)


def run_command(chosen: argparse.Namespace, told: outcome.Told | None = None) -> int | None:
    """Run the requested command; return the exit code, None if no command was given.

    told: takes what would be printed of files, for --json. Raises what run_and_report() reports.
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
        code = take_out_of_use(chosen.remove, lang)
    elif chosen.files:
        code = load_files(chosen, told)
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
        chosen = make_argument_parser().parse_args()
        print(ENDED_MESSAGES["failed"][chosen.lang], file=sys.stderr)
        if chosen.json:
            outcome.print_json({"error": ENDED_MESSAGES["failed"]})
        print(f"({type(error).__name__}: {error})", file=sys.stderr)
        return 1


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # a thread of it waits for its parent's end, and Python would wait for that one
