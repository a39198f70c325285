# Every command of the project. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

BIN := .venv/bin
READY := .venv/.ready
KERNELS := .venv/.kernels
GOAL := Strip the HTML, keep English pages with at least 50 words, mask e-mail addresses and phone numbers, and remove exact and near duplicates.

.PHONY: help setup demo test check fix bench drill docs docs-check clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

setup: $(KERNELS) ## make .venv, install the pinned dependencies, compile the kernels

$(READY): pyproject.toml constraints.txt
	@if [ ! -x $(BIN)/python ]; then \
		for python in $(PYTHON) python3.11 python3; do \
			if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then "$$python" -m venv .venv; break; fi; \
		done; \
	fi
	@[ -x $(BIN)/python ] || { echo "winnow needs Python 3.11 or newer as python3.11 or python3; install it, or name it: make setup PYTHON=/path/to/python" >&2; exit 1; }
	@echo 'installing what constraints.txt pins into .venv'
	@$(BIN)/python -m pip install --quiet --no-compile --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

$(KERNELS): $(READY) $(wildcard tools/kernels/*.py)
	@$(BIN)/python -m tools.kernels || true  # it says why; the slower path gives the same
	@$(BIN)/python -m compileall -q agents sandbox tools winnow workflows
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -c 'import agents.planners, workflows.runs, winnow.cli, jinja2, duckdb'  # a first run would compile them
	@touch $@

demo: $(KERNELS) ## clean the sample data by one sentence, with no network and no model
	$(BIN)/winnow prepare "$(GOAL)" --input examples/crawl.jsonl.zst --output out/clean.jsonl --yes --overwrite

test: $(KERNELS) ## run the tests
	$(BIN)/python -m pytest -n $$($(BIN)/python -c 'import os; print(os.cpu_count() + 1)') -m "not slow and not gpu"  # one more than cores: many wait for the disk

drill: $(KERNELS) ## run the slow tests: kills, memory, scale
	$(BIN)/python -m pytest -m "slow and not gpu"

check: $(READY) ## format, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

fix: $(READY) ## format and mend what the linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(KERNELS) ## measure speed and memory into docs/benchmarks.md (about 35 minutes; ONLY=peers for one section of it)
	$(BIN)/python -m benchmarks $(ONLY)

docs: $(READY) ## write docs/operators.md and docs/cli.md anew
	$(BIN)/python -m docs.build

docs-check: $(READY) ## fail when the generated pages are stale
	$(BIN)/python -m docs.build --check

clean: ## remove what the demo, the tests and the tools left (not .venv)
	rm -rf out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
