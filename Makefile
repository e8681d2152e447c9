# `make demo` and `make test` do all their own set-up. `make help` lists everything.
SHELL := /bin/bash
.ONESHELL:
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
WORDS := survey_app/translations
TRANSLATIONS := $(wildcard $(WORDS)/*/LC_MESSAGES/messages.po)

# The demo keeps its own data, apart from a real installation's.
DEMO_ENV := HEREABOUTS_DEMO=yes HEREABOUTS_OPERATOR="Mid and South Essex partnership" HEREABOUTS_DATA_FOLDER=instance/demo PORT=$(PORT)

.PHONY: help demo demo-data demo-publish test lint bench bench-tallying golden translations clean lock

help: ## Say what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: demo-data ## Set up, seed, and serve the demo on http://127.0.0.1:8000 (PORT= to change)
	@if $(BIN)/python -c 'import socket; socket.create_connection(("127.0.0.1", $(PORT)), 1)' 2>/dev/null; then
	  echo "Something answers on port $(PORT) already. Choose another:  make demo PORT=8001" >&2
	  exit 1
	fi
	@$(DEMO_ENV) $(BIN)/survey-app seed-demo --where http://127.0.0.1:$(PORT)
	@exec env $(DEMO_ENV) $(BIN)/gunicorn -c python:survey_app.gunicorn survey_app.wsgi:app

demo-data: $(VENV)/.runtime $(VENV)/.translations ## Set up and seed the demo's data only
	@$(DEMO_ENV) $(BIN)/survey-app database upgrade
	@$(DEMO_ENV) $(BIN)/survey-app seed-demo --quiet

demo-publish: ## Publish what the demo's open wave says so far
	@$(DEMO_ENV) $(BIN)/survey-app publish autumn-2026

# In the order of the folders: what takes long begins first, and short files fill up the end.
test: lint $(VENV)/.translations ## Run every test (installs what they need where it may)
	@.ci/system-packages
	@.ci/browser-packages
	@$(BIN)/pytest $(or $(ARGS),-n auto --dist loadfile --no-loadscope-reorder)

lint: $(VENV)/.dev ## Check style, types and the walls between the wings
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

bench: $(VENV)/.dev $(VENV)/.translations ## Measure pages, a whole survey, memory, publishing; prints tables
	@$(BIN)/python -m tests.performance

bench-tallying: $(VENV)/.dev ## Measure counting and releasing a million responses (ARGS=--growth for more)
	@$(BIN)/python -m tests.performance.tallying $(ARGS)

golden: $(VENV)/.dev ## Run the R scripts again and hold the golden files against them (needs R with survey)
	@$(BIN)/pytest -m r tests/scenarios

translations: $(VENV)/.runtime ## Collect the words to translate and bring every language in step (nothing is guessed)
	@$(BIN)/survey-app translations extract
	@touch $(VENV)/.translations

lock: ## Renew the lock files from pyproject.toml (needs uv)
	@uv pip compile pyproject.toml --extra build --universal --generate-hashes --no-header --upgrade -q -o requirements.lock
	@uv pip compile pyproject.toml --extra build --extra dev --universal --generate-hashes --no-header --upgrade -q -o requirements-dev.lock

clean: ## Remove the environment and the demo's data
	@rm -rf $(VENV) instance/demo

$(VENV)/bin/python:
	@.ci/python-ready $(PYTHON)
	@if [ -n "$(UV)" ]; then uv venv -q --python $(PYTHON) $(VENV); else $(PYTHON) -m venv $(VENV); fi

define install
if [ -n "$(UV)" ]; then
  uv pip install -q --python $(BIN)/python --require-hashes -r $(1)
  uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
else
  $(BIN)/pip install -q --disable-pip-version-check --require-hashes -r $(1)
  $(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
fi
endef

$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the service needs ..."
	@$(call install,requirements.lock)
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the service and its tests need ..."
	@$(call install,requirements-dev.lock)
	@touch $@ $(VENV)/.runtime

$(VENV)/.translations: $(TRANSLATIONS) | $(VENV)/.runtime
	@$(BIN)/pybabel -q compile -d $(WORDS)
	@touch $@
