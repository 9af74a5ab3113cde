#!/usr/bin/env bash
# python-calamine 0.9.1: a cell that shows #DIV/0! or #N/A, a formula whose result was never saved and an empty cell all
# come out as the same empty text. A table of a bureau with a broken formula so reads as one with figures left out.
# openpyxl 3.1.5 tells the errors apart; it gives nothing for the unsaved result and for the empty cell.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check python-calamine==0.9.1 xlsxwriter==3.3.1 openpyxl==3.1.5
cat > look.py <<'PYTHON'
import openpyxl
import python_calamine
import xlsxwriter

with xlsxwriter.Workbook("growth.xlsx") as book:
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["indicator", "growth"])
    sheet.write(1, 0, "divided by zero")
    sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
    sheet.write(2, 0, "not available")
    sheet.write_formula(2, 1, "=NA()", None, "#N/A")
    sheet.write(3, 0, "never calculated")
    sheet.write_formula(3, 1, "=1+1", None, "")
    sheet.write(4, 0, "empty")
    sheet.write(5, 0, "a number")
    sheet.write(5, 1, 43.6)
calamine = python_calamine.load_workbook("growth.xlsx").get_sheet_by_index(0).to_python()
other = openpyxl.load_workbook("growth.xlsx", data_only=True).active
for row, cells in zip(calamine[1:], other.iter_rows(min_row=2, values_only=True)):
    print(f"{row[0]}: calamine {row[1]!r}, openpyxl {cells[1]!r}")
PYTHON
found=$(venv/bin/python look.py)
echo "$found"
expected="divided by zero: calamine '', openpyxl '#DIV/0!'
not available: calamine '', openpyxl '#N/A'
never calculated: calamine '', openpyxl None
empty: calamine '', openpyxl None
a number: calamine 43.6, openpyxl 43.6"
if [ "$found" != "$expected" ]; then
    echo "changed: calamine gave empty text for all but the number before" >&2
    exit 1
fi
echo "as seen: errors and empty cells are the same to python-calamine 0.9.1"
