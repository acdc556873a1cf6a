# What people type. `make check` is what CI runs.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

.PHONY: run test lint format replay docs check

$(BIN)/zou: setup.cfg
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --editable '.[test,lint]'
	touch $@

run: $(BIN)/zou
	$(BIN)/zou run

test: $(BIN)/zou
	$(BIN)/pytest -n 2

lint: $(BIN)/zou
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

format: $(BIN)/zou
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

replay: $(BIN)/zou
	tests/replay/run $(BIN)

docs: $(BIN)/zou
	$(BIN)/python -m zou.config.page > docs/settings.md
	$(BIN)/python -c "from zou.__main__ import main; from zou.platform.cli.page import render; print(render(main), end='')" > docs/commands.md
	$(BIN)/python -m zou.platform.http.permissions > docs/permissions.md

check:
	.ci/run
