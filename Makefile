# The verbs of the project. `make help` lists them.

SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
MAKEFLAGS += --no-print-directory
export ANSIBLE_CONFIG := $(CURDIR)/ansible/ansible.cfg
export ANSIBLE_HOME := $(CURDIR)/.build/ansible

.DEFAULT_GOAL := help
.PHONY: help tools check format lint types unit

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

check: tools ## format, lint, strict types, unit tests; no Docker, under a minute
	@$(MAKE) --keep-going format lint types unit

tools:
	@$(PYTHON) ansible/environment.py tests/tools.lock

format:
	$(BIN)/ruff format --check .

lint:
	$(BIN)/ruff check .

types:
	$(BIN)/mypy
	$(BIN)/mypy ansible/*.py

unit:
	$(BIN)/pytest -q -m "not docker and not browser and not provision and not notebooks"
