# The two commands: `make demo` and `make test`. Both set up .venv with what they need.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
OUTPUT := demo-output

.PHONY: demo test lint format docs gold bench soak clean

demo: $(VENV)/.base
	@mkdir -p $(OUTPUT)
	$(BIN)/tagger show data/samples --limit 2
	$(BIN)/tagger tag data/samples -o $(OUTPUT)/tagged.jsonl
	$(BIN)/tagger tag data/samples -o $(OUTPUT)/tagged.html
	@echo "Written: $(OUTPUT)/tagged.jsonl and $(OUTPUT)/tagged.html (open the page in a browser)"

test: $(VENV)/.test lint
	$(BIN)/python -m pytest

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.test
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going --jobs auto -c docs . site
	@echo "Written: site/index.html (open it in a browser)"

bench: $(VENV)/.bench
	$(BIN)/python -m tests.benchmarks.batch

soak: $(VENV)/.bench
	$(BIN)/python -m tests.benchmarks.soak

gold: $(VENV)/.base
	$(BIN)/python data/gold/build.py

clean:
	rm -rf $(VENV) $(OUTPUT) site build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --upgrade pip

$(VENV)/.base: pyproject.toml | $(VENV)/bin/python
	$(PIP) install --editable . --constraint .ci/constraints.txt
	@touch $@

$(VENV)/.test: pyproject.toml .ci/constraints.txt | $(VENV)/bin/python
	$(PIP) install --editable '.[test,train]' --constraint .ci/constraints.txt
	@touch $(VENV)/.base $@

$(VENV)/.bench: $(VENV)/.test
	$(PIP) install --editable '.[bench]' --constraint .ci/constraints.txt
	@touch $@
