#!/usr/bin/env bash
# ssf 0.2.2 (the one package that renders numbers by a spreadsheet's number format, a port of SheetJS) and Babel 2.18.0:
# SSF() fails with KeyError: 'decimal' before it has formatted anything. It asks Babel for locale.number_symbols
# ["decimal"]; Babel keeps the symbols by numbering system, ["latn"]["decimal"]. Its own second try, without a locale,
# asks in the same way, and giving the separators by hand only moves the error to the next symbol, "plusSign". The
# package names no upper bound, so that pip installs the pair without a word.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check ssf==0.2.2 babel==2.18.0 setuptools==80.9.0
cat > look.py <<'PYTHON'
import warnings

from ssf import SSF

warnings.simplefilter("ignore")
try:
    print("plain:", SSF().format("0.0", 720.1))
except KeyError as error:
    print("plain: KeyError", error)
try:
    given = SSF(decimal_separator=".", thousands_separator=",")
    print("given:", given.format('0.0"%"', 43.6), given.format("0.0%", 0.436))
except Exception as error:
    print("given:", type(error).__name__, error)
PYTHON
found=$(venv/bin/python -W ignore look.py 2>/dev/null)
echo "$found"
expected="plain: KeyError 'decimal'
given: KeyError 'plusSign'"
if [ "$found" != "$expected" ]; then
    echo "changed: ssf 0.2.2 did not start with Babel 2.18.0 before" >&2
    exit 1
fi
echo "as seen: ssf 0.2.2 does not start with Babel 2.18.0"
