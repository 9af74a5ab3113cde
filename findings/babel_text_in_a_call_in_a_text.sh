#!/usr/bin/env bash
# Babel 2.18.0: a text for translation that stands in a call of another function, which stands in the call of another
# text, is not extracted, and nothing is said. Directly in the call of the other text, or in a list there, it is.
# So an update of a catalogue that takes out what is no longer used takes out a text that is.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check babel==2.18.0
cat > pages.py <<'PYTHON'
direct = _("outer of direct {x}", x=_("direct"))
listed = _("outer of listed {x}", x=[_("listed")])
called = _("outer of called {x}", x=joined(_("called")))
PYTHON
venv/bin/pybabel -q extract --no-location --omit-header -k _ -o texts.pot pages.py
found=$(grep '^msgid' texts.pot)
echo "Babel 2.18.0 extracts of three texts within texts:"
echo "$found"
expected='msgid "outer of direct {x}"
msgid "direct"
msgid "outer of listed {x}"
msgid "listed"
msgid "outer of called {x}"'
if [ "$found" != "$expected" ]; then
    echo "changed: the text in the call was lost before" >&2
    exit 1
fi
echo 'as seen: "called" is missing'
