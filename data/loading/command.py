"""What python -m data.load does: each command to where its work is, and errors to sentences.

Run by data/load.py as a process of its own where there are files to read.
"""

import argparse
import gc
import os
import queue
import sys
import traceback
from typing import Any

from data.database.build import BrokenSources, BuildFailed
from data.ledger import versions
from data.ledger.workbook import is_ledger
from data.loading import figures_command, ledger_command
from data.loading.activation import AlreadyLoaded
from data.loading.arguments import options
from data.loading.figures_command import Misused, Wishes
from data.loading.messages import WORDS, told
from data.storage import batches
from data.storage.processes import alarm, listen, ran_out, restrict
from data.tables.problems import BrokenLedger
from data.tables.sheet import Unreadable


def carried_out(chosen: argparse.Namespace) -> int | None:
    """Do what was asked for and tell what is wrong; the exit code, None where nothing was asked for."""
    words, code = WORDS[chosen.lang], 1
    try:
        return done(chosen)
    except BrokenLedger as error:
        print(words["defects"].format(n=len(error.flaws)), file=sys.stderr)
        print(told(error.flaws, chosen.lang), file=sys.stderr)
    except Unreadable as error:
        print(error.flaw.said(chosen.lang), file=sys.stderr)
    except AlreadyLoaded as error:
        code = figures_command.already(error, chosen.lang)
    except batches.StoreFailed as error:
        print(error.zh if chosen.lang == "zh" else error, file=sys.stderr)
    except (OSError, versions.NoSuchVersion, BrokenSources, BuildFailed, Misused) as error:
        print(error, file=sys.stderr)
    return code


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
        ledger_command.load(ledgers[0], lang, only_check=chosen.check)
        return 0
    heads, fixed = figures_command.pairs(chosen.map, lang), figures_command.pairs(chosen.fix, lang)
    sheets, replaced = tuple(chosen.sheet), tuple(chosen.replace)
    wishes = Wishes(lang, chosen.check, chosen.accept, sheets, chosen.table, replaced, heads, fixed)
    return figures_command.load(chosen.files, wishes)


def done(chosen: argparse.Namespace) -> int | None:
    """Do what was asked for; None where nothing was. Raises what `carried_out` tells."""
    lang, code = chosen.lang, 0
    if chosen.empty or chosen.sample:
        ledger_command.write(chosen.empty or chosen.sample, lang, sample=bool(chosen.sample))
    elif chosen.list:
        figures_command.show(lang)
    elif chosen.versions:
        ledger_command.show(chosen.versions, lang)
    elif chosen.restore:
        if batches.FORM.fullmatch(chosen.restore):
            code = figures_command.put([chosen.restore], lang, use=True)
        else:
            ledger_command.restore(chosen.restore, chosen.version, lang)
    elif chosen.remove:
        if all(map(batches.FORM.fullmatch, chosen.remove)):
            code = figures_command.put(chosen.remove, lang, use=False)
        else:
            for park in chosen.remove:
                ledger_command.remove(park, lang)
    elif chosen.files:
        code = files(chosen)
    else:
        return None
    return code


def main() -> int:
    """In the child: what was asked for, within the limits that the first line of standard input names."""
    questions: queue.Queue[tuple[dict[str, Any], bytes]] = queue.Queue()
    listen(sys.stdin.buffer, questions)
    limits, _ = questions.get()
    gc.disable()  # a file makes millions of small things, none of them in circles; the process ends soon
    restrict(limits["memory"], patient=False, writing=True)
    alarm(limits["seconds"])  # until the files are read
    try:
        return carried_out(options().parse_args()) or 0
    except KeyboardInterrupt:
        return 130
    except BaseException as error:  # a panic of a library is no Exception
        if ran_out(error):
            os.abort()  # which is how libraries end that find no memory
        traceback.print_exc()
        return 1


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # a thread of it waits for its parent's end, and Python would wait for that one
