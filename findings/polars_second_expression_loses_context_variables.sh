#!/usr/bin/env bash
# Polars 2.1.0: a Python function in map_elements() runs in the thread of the caller, with the caller's context
# variables, as long as its expression stands alone in select(). With any second expression beside it, a plain column
# too, it runs in a thread of Polars, where context variables have their defaults again; nothing is said. So a text that
# depends on the language of a request changes its language when a column is added. map_batches() alone, group_by() and
# a Series keep the caller's thread.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check polars==2.1.0
cat > look.py <<'PYTHON'
import contextvars
import threading

import polars as pl

language = contextvars.ContextVar("language", default="default")
language.set("of the caller")
rows = pl.DataFrame({"code": ["a", "b"]})
called = []


def say(_code):
    called.append((language.get(), threading.current_thread() is threading.main_thread()))
    return "said"


def told(name, run):
    called.clear()
    run()
    [(spoken, here)] = set(called)
    print(f"{name}: {spoken}, {'same' if here else 'another'} thread")


said = pl.col("code").map_elements(say, return_dtype=pl.String)
told("alone", lambda: rows.select(said))
told("beside a column", lambda: rows.select("code", said.alias("said")))
told("with_columns, alone", lambda: rows.with_columns(said=said))
told("with_columns, beside another", lambda: rows.with_columns(said=said, other=pl.lit(1)))
told("a series", lambda: rows["code"].map_elements(say, return_dtype=pl.String))
told("a group", lambda: rows.group_by("code").map_groups(lambda group: (say(""), group)[1]))
PYTHON
found=$(venv/bin/python look.py)
echo "$found"
expected="alone: of the caller, same thread
beside a column: default, another thread
with_columns, alone: of the caller, same thread
with_columns, beside another: default, another thread
a series: of the caller, same thread
a group: of the caller, same thread"
if [ "$found" != "$expected" ]; then
    echo "changed: a second expression moved the function to a thread without the caller's context before" >&2
    exit 1
fi
echo "as seen: a second expression loses the context variables"
