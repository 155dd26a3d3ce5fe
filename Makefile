# Shortcuts for Linux and macOS. README.md has the plain commands for Windows.
#   make demo    five real plans with demonstration progress, in a browser
#   make test    the whole test suite
#   make check   lint, types, import directions, migrations
#   make mutants remove each check of permission in turn, and see that the tests notice (docs/mutants.md)

VENV := .venv
BIN := $(VENV)/bin
# The first interpreter that is new enough; `make PYTHON=/path/to/python3.12 demo` picks another.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check
TEST_ARGS ?=
MUTANT_ARGS ?=
DEMO_ARGS ?=

.PHONY: help demo test check lint types imports migrations wheel benchmarks mutants clean
help:
	@sed -n 's/^#   //p' Makefile

demo: $(VENV)/.installed
	$(BIN)/tracker demo $(DEMO_ARGS)

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest $(TEST_ARGS)

check: lint types imports migrations

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

imports: $(VENV)/.installed-dev
	$(BIN)/lint-imports --no-cache

migrations: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -q tests/test_migrations.py

wheel: $(VENV)/.installed-dev
	$(BIN)/python -m build --no-isolation

benchmarks: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks

mutants: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.mutants $(MUTANT_ARGS)

clean:
	rm -rf $(VENV) dist build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .mutants-cache

# Stamps: an installation is repeated only when what it was made from has changed.
$(VENV)/.created:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later with venv is needed (Debian and Ubuntu: apt install python3-venv)."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.created requirements.txt pyproject.toml
	$(PIP) install --quiet -r requirements.txt
	$(PIP) install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	$(PIP) install --quiet -r requirements-dev.txt
	@touch $@
