# Two commands do everything: `make demo` and `make test`.
PYTHON ?= python3.11
BIN := .venv/bin

.PHONY: demo test test-quick lint docs bench clean

.venv/.run-stamp: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e .
	@touch $@

.venv/.test-stamp: .venv/.run-stamp
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@

demo: .venv/.run-stamp
	@echo 'Auditing two rings at one airfield: what do they see, track and reach?'
	$(BIN)/ringtrue audit s-400 patriot-battery --at 40.0789,32.5656 --azimuth 135 --out ringtrue-out/demo

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

docs: .venv/.test-stamp
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[docs]'
	$(BIN)/sphinx-build -W -b html docs docs/_build

clean:
	rm -rf .venv build dist
