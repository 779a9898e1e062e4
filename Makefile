# What there is to run. `make help` lists it. Everything happens in .venv; nothing outside this folder is changed,
# except that missing Debian packages are installed where make runs as root.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help up test test-full check static rehearse bench setup packages lock clean

# Dozens of processes are started in tests: where this is set, each would compile the same sources again.
export PYTHONDONTWRITEBYTECODE :=

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
READY := .venv/.ready

# PDF: text shaping, font subsets, and the typeface of the letters.
DEBIAN := libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation
INSTALL = apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 12

# Ctrl-C reaches every process of a terminal, and then the watch goes away. A SIGINT for make alone does not: make waits for
# `up` and holds the signal back (bit 2 of its mask in /proc) without passing it on, so the watch does.
up: setup ## run the whole system on this machine until Ctrl-C; its state is kept in var/
	@exec $(BIN)/inspections up

test: static ## everything that must pass: format, lint, types, import contracts, tests
	$(BIN)/pytest -q -n auto --dist loadfile

test-full: DEBIAN += postfix dovecot-imapd
test-full: static ## the same with the long tests, many more examples, and a mail system of Debian
	HYPOTHESIS_PROFILE=full $(BIN)/pytest -q -n auto --dist loadfile -m ""

check: static ## the fast part of test: everything but the tests that start a service
	$(BIN)/pytest -q tests/framework

rehearse: setup ## run the example of a joint inspection from start to close, into rehearsals/joint
	$(BIN)/inspections rehearse examples/joint.yaml --to rehearsals/joint

bench: setup ## measure this machine, as JSON
	@$(BIN)/inspections bench

setup: packages $(READY) ## make .venv with everything in it; quick when nothing changed

lock: ## write requirements.lock anew, with the newest versions that pyproject.toml allows
	rm -rf build/lock && $(PYTHON) -m venv build/lock && build/lock/bin/pip install -q pip-tools
	build/lock/bin/pip-compile -q --upgrade --generate-hashes --extra dev --strip-extras --allow-unsafe --no-header \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements.lock pyproject.toml

clean: ## remove .venv, caches and rehearsals; var/ stays
	rm -rf .venv build dist rehearsals .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

static: setup
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

packages:
	@command -v dpkg-query >/dev/null || exit 0; \
	wanted="$(DEBIAN)"; \
	[ -n "$(PYTHON)" ] || { echo "no Python 3.11 or newer found: install one, or say make PYTHON=/path/to/python3" >&2; exit 1; }; \
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || wanted="$$wanted python3-venv"; \
	missing=""; for p in $$wanted; do \
		dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q '^install ok installed' || missing="$$missing $$p"; done; \
	[ -n "$$missing" ] || exit 0; \
	if [ "$$(id -u)" = 0 ]; then echo "installing Debian packages:$$missing"; $(INSTALL) $$missing >/dev/null; \
	else echo "missing Debian packages; install them with: sudo apt-get install$$missing" >&2; fi

$(READY): requirements.lock pyproject.toml
	@echo "setting up .venv (a minute or two the first time)"
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
