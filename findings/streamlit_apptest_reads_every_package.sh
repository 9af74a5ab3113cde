#!/usr/bin/env bash
# Streamlit 1.67.0: the first run of every AppTest looks through all installed packages for components. It asks each for
# its name, its summary and what it needs, and importlib.metadata reads and parses the package's METADATA file anew for
# each of the four questions. Nothing is kept: the next AppTest of the same process asks all again. With the hundred
# packages of a usual project that was a third of a second, three times the run of the page itself, in every test.
# Later runs of one AppTest do not ask.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check streamlit==1.67.0
cat > page.py <<'PYTHON'
import streamlit as st

st.title("A page")
PYTHON
cat > look.py <<'PYTHON'
import importlib.metadata as metadata
from collections import Counter

from streamlit.testing.v1 import AppTest

asked = Counter()
read = metadata.PathDistribution.read_text


def counted(package, name):
    asked[(str(package._path), str(name))] += str(name) == "METADATA"
    return read(package, name)


metadata.PathDistribution.read_text = counted
installed = len(list(metadata.distributions()))
for number in (1, 2):
    asked.clear()
    app = AppTest.from_file("page.py").run()
    files = [times for (_, name), times in asked.items() if name == "METADATA"]
    print(f"AppTest {number}: all packages read: {len(files) == installed}, each {Counter(files).most_common(1)[0][0]} times")
asked.clear()
app.run()
print("second run of one AppTest:", sum(asked.values()))
PYTHON
found=$(venv/bin/python -W ignore look.py 2>/dev/null)
echo "$found"
expected="AppTest 1: all packages read: True, each 4 times
AppTest 2: all packages read: True, each 4 times
second run of one AppTest: 0"
if [ "$found" != "$expected" ]; then
    echo "changed: each AppTest read the metadata of all packages four times before" >&2
    exit 1
fi
echo "as seen: AppTest of Streamlit 1.67.0 reads the metadata of all installed packages, once more for each test"
