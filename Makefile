# 钉办 · the commands of the house. Every target installs what it needs.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: install demo check test eval bench soak clean

$(STAMP): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test]"
	touch $(STAMP)

install: $(STAMP)

demo: install
	$(BIN)/dingban sandbox

check: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python -m pytest -m "not wire and not browser and not postgres and not kill" -n 2

test: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python tests/chromium.py
	$(BIN)/python -m pytest -n 2 --durations=15

eval: install
	$(BIN)/python -m tests.evaluate

bench: install
	$(BIN)/python -m bench

soak: install
	$(BIN)/python -m tests.soak

clean:
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache
