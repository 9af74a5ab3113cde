# make run    the explorer at http://localhost:8501 (PORT=8501)
# make test   all tests, those in a real browser included (CHROME=/path/to/chromium to choose one)
# make test-fast  in under a minute: without a browser, servers and long laws
# make lint   format, style and types
# make drills break it on purpose, on loopback, and count what held
# make golden what addresses and pages give, compared with the record (ONLY=text JOBS=2); golden-write: record it anew
# make bench  speed, as ratios to the least a Streamlit app can do; bench-before REV=x: to another revision
# Each does all of its own set-up; only Python 3.11 or newer with venv, and make, must be there.

PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test test-fast lint drills golden golden-write bench bench-before lock catalogue clean

run: $(VENV)/run
	$(BIN)/python -m data.build --if-stale
	$(BIN)/streamlit run app.py --server.port $(PORT)

test: $(VENV)/dev
	PYTHON=$(BIN)/python tests/browser/install.sh
ifdef ARGS
	$(BIN)/python -m pytest $(ARGS)
else
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal --ignore tests/browser
	$(BIN)/python -m pytest tests/browser
endif

test-fast: $(VENV)/dev
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal -m "not slow" --ignore tests/browser -q

lint: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

drills: $(VENV)/dev
	$(BIN)/python -m tests.drills $(ARGS)

golden: $(VENV)/dev
	$(BIN)/python -m tests.golden --only "$(ONLY)" --jobs $(JOBS)

golden-write: $(VENV)/dev
	$(BIN)/python -m tests.golden --write --only "$(ONLY)" --jobs $(JOBS)
JOBS ?= 2

bench: $(VENV)/dev
	PYTHON=$(BIN)/python tests/browser/install.sh
	$(BIN)/python tests/bench/judging_bench.py
	$(BIN)/python tests/bench/bench.py $(ARGS)
	$(BIN)/python tests/bench/explore_bench.py
	$(BIN)/python tests/bench/scale_bench.py --rows 10000000
	$(BIN)/python tests/bench/ledger_bench.py
	$(BIN)/python tests/bench/stream_bench.py
	$(BIN)/python tests/bench/sql_bench.py
	$(BIN)/python tests/bench/load_bench.py

bench-before: $(VENV)/dev
	PYTHON=$(BIN)/python tests/browser/install.sh
	$(BIN)/python tests/bench/bench.py --against $(REV) $(ARGS)
	$(BIN)/python tests/bench/stream_bench.py --rows 500000 --against $(REV)

$(VENV)/run: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

$(VENV)/dev: requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@ $(VENV)/run

# New releases of what pyproject.toml names: exact versions with hashes, no addresses.
lock:
	$(PYTHON) -m venv $(VENV)/lock
	$(VENV)/lock/bin/pip install --quiet pip-tools
	$(VENV)/lock/bin/pip-compile $(LOCK) -o requirements.txt pyproject.toml
	$(VENV)/lock/bin/pip-compile $(LOCK) --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml
LOCK := --upgrade --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header --strip-extras --allow-unsafe

# Texts of the pages into the catalogue; new ones arrive without their English, and a test names them.
catalogue: $(VENV)/dev
	$(BIN)/pybabel -q extract -o $(VENV)/park.pot --no-location --omit-header --sort-output -k _ pages
	$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --no-wrap -i $(VENV)/park.pot -d pages/locale -D park -l en

clean:
	rm -rf $(VENV) data/park.duckdb
