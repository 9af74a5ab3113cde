#!/usr/bin/env bash
# python-calamine 0.9.1: a cell whose text has a raised part, 552 with the raised mark of a note 2 (or 1), is read as the
# text 5522: the runs of a rich text are joined and how they look is dropped, in shared and in inline texts alike. In
# yearbooks the mark of a note stands so behind the number it belongs to, so that a figure becomes ten times as large and
# looks like any other. openpyxl 3.1.5 joins them too unless it is asked for rich text; then the run says superscript.
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

for name, constant in (("shared", False), ("inline", True)):
    with xlsxwriter.Workbook(f"{name}.xlsx", {"constant_memory": constant}) as book:
        sheet = book.add_worksheet()
        sheet.write_rich_string(0, 0, "552", book.add_format({"font_script": 1}), "2")
    calamine = python_calamine.load_workbook(f"{name}.xlsx").get_sheet_by_index(0).to_python()[0][0]
    plain = openpyxl.load_workbook(f"{name}.xlsx").active["A1"].value
    rich = openpyxl.load_workbook(f"{name}.xlsx", rich_text=True).active["A1"].value
    looks = [(part.font.vertAlign, part.text) for part in rich if not isinstance(part, str)]
    print(f"{name}: calamine {calamine!r}, openpyxl {plain!r}, asked for rich text {looks!r}")
PYTHON
found=$(venv/bin/python look.py)
echo "$found"
expected="shared: calamine '5522', openpyxl '5522', asked for rich text [('superscript', '2')]
inline: calamine '5522', openpyxl '5522', asked for rich text [('superscript', '2')]"
if [ "$found" != "$expected" ]; then
    echo "changed: the raised mark was joined to the number before" >&2
    exit 1
fi
echo "as seen: python-calamine 0.9.1 reads 552 with a raised 2 as 5522"
