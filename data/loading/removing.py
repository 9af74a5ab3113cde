"""Take batches and ledgers out of use, each name by its kind; a name that is neither stops the whole command."""

from collections.abc import Sequence

from data.ledger import versions
from data.loading import figures_command, ledger_command
from data.loading.messages import MisusedOptions
from data.storage import batches


def take_out_of_use(names: Sequence[str], lang: str) -> int:
    """Take batches and ledgers out of use; return the exit code.

    Batches go first, since they may be needed by others and then nothing is changed. Raises MisusedOptions for a name
    that is not kept, with those that are.
    """
    names = tuple(dict.fromkeys(names))
    kept = sorted({*batches.get_batch_ids(), *batches.get_batch_ids_in_use()})
    parks = versions.get_kept_park_codes()
    unknown = [name for name in names if name not in (kept if is_batch_code(name) else parks)]
    if unknown:
        raise MisusedOptions("no_name", names=unknown, batches=kept, parks=parks)
    of_batches = [name for name in names if is_batch_code(name)]
    code = figures_command.switch_batches(of_batches, lang, use=False) if of_batches else 0
    for park in names if code == 0 else ():
        if not is_batch_code(park):
            ledger_command.remove_ledger(park, lang)
    return code


def is_batch_code(name: str) -> bool:
    """Return whether a name has the form of a batch's code; no park has that form."""
    return batches.BATCH_ID_PATTERN.fullmatch(name) is not None
