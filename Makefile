# Two commands do everything: `make demo` and `make test`.
PYTHON ?= python3.11
BIN := .venv/bin

# how many times the share of the test run, with other seeds: 200 throws a million inputs at the readers (an hour or two)
FUZZ ?= 200

.PHONY: demo test test-quick lint docs bench fuzz clean

.venv/.run-stamp: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt pip
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[formats]'
	@touch $@

.venv/.test-stamp: .venv/.run-stamp
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@

demo: .venv/.run-stamp
	@echo 'Turkey 2019: what would each offer protect, when, at what price? (the first run compiles for half a minute)'
	$(BIN)/ringtrue compare turkey-2019 --out ringtrue-out/demo

lint: .venv/.test-stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lint
	$(BIN)/python -m pytest -n 2 --doctest-modules src tests validation

test-quick: lint
	$(BIN)/python -m pytest -n 2 -m 'not slow and not browser' --doctest-modules src tests validation

bench: .venv/.test-stamp
	$(BIN)/python -m benchmarks.sweep
	$(BIN)/python -m benchmarks.fine
	$(BIN)/python -m benchmarks.raid
	$(BIN)/python -m benchmarks.detection.run

fuzz: .venv/.test-stamp
	FUZZ=$(FUZZ) $(BIN)/python -m pytest -n 2 tests/fuzz

docs: .venv/.test-stamp
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[docs]'
	$(BIN)/sphinx-build -W -b html docs docs/_build

clean:
	rm -rf .venv build dist
