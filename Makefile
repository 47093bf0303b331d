# The verbs of the project. `make help` lists them.

SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
# A folder of ansible/inventory: what up, down, destroy and invite are about.
SITE ?= local
MAKEFLAGS += --no-print-directory
export ANSIBLE_CONFIG := $(CURDIR)/ansible/ansible.cfg
export ANSIBLE_HOME := $(CURDIR)/.build/ansible

INVENTORY := ansible/inventory/$(SITE)/hosts.yml
SITES := $(sort $(notdir $(patsubst %/hosts.yml,%,$(wildcard ansible/inventory/*/hosts.yml))))
PLAY := LC_ALL=C.UTF-8 $(BIN)/ansible-playbook --inventory $(INVENTORY)

.DEFAULT_GOAL := help
.PHONY: help up down destroy invite check test images content accept lock bench bench-delivery clean
.PHONY: tools provisioning site style format lint types playbooks unit

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

# A hub

up: ## from nothing to a hub on this machine; with SITE=cotonou, on the hosts of that inventory
	@$(PYTHON) ansible/up.py $(SITE)

down: site provisioning ## stop the hub and everything of it, keep all data
	@$(PLAY) ansible/down.yml

destroy: provisioning ## remove the hub and all that people wrote in it; asks first (CONFIRM=yes: does not)
	@$(PYTHON) ansible/destroy.py $(SITE) $(if $(filter yes,$(CONFIRM)),--yes)

invite: site provisioning ## new slips for whoever has none; again for PERSON=cot-01 or COHORT=2027a-cotonou
	@$(PLAY) ansible/invite.yml $(if $(PERSON),-e invite_person=$(PERSON)) $(if $(COHORT),-e invite_cohort=$(COHORT))

# Judging the work

check: tools ## format, lint, strict types, playbooks, unit tests; no Docker, under a minute
	@$(MAKE) --keep-going style unit

test: ## everything, from a bare machine: images, a real hub, browsers, notebooks, provisioning
	@$(PYTHON) ansible/prove.py

bench: ## the hub's figures, measured beside a plain deployment
	@$(PYTHON) ansible/environment.py tests/tools.lock --for-tests
	@$(BIN)/python images/build.py && $(BIN)/python content/build.py
	@$(BIN)/python -m bench

bench-delivery: ## the figures of push, gate and sync, with 40 servers, beside plain nbgitpuller links
	@$(PYTHON) ansible/environment.py tests/tools.lock --for-tests
	@$(BIN)/python images/build.py && $(BIN)/python content/build.py
	@$(BIN)/python -m bench.delivery

# What a site is made of

images: provisioning ## make the images that have changed
	@$(BIN)/python images/build.py

content: provisioning ## build the notebooks of both languages from their sources
	@$(BIN)/python content/build.py

accept: provisioning ## record that a person read both languages of a cell: KEY=d1-03/svd-thm
	@$(BIN)/python content/build.py accept $(or $(KEY),$(error say which cell: make accept KEY=d1-03/svd-thm))

lock: provisioning tools ## resolve every dependency anew, with hashes; UPGRADE=yes takes the newest versions
	@$(BIN)/python images/relock.py $(if $(filter yes,$(UPGRADE)),--upgrade)

clean: ## remove what the other verbs have built here, but for images and a hub's data
	rm -rf .venv .build content/build ansible/inventory/*/.desk .mypy_cache .pytest_cache .ruff_cache .hypothesis

# Parts of the verbs

tools:
	@$(PYTHON) ansible/environment.py tests/tools.lock

site:
	@test -f $(INVENTORY) || { echo "there is no inventory '$(SITE)'; there are: $(SITES)" >&2; exit 1; }

provisioning:
	@$(PYTHON) ansible/environment.py ansible/requirements.lock

style: format lint types playbooks

format:
	$(BIN)/ruff format --check .

lint:
	$(BIN)/ruff check .

types:
	$(BIN)/mypy
	$(BIN)/mypy ansible/*.py
	MYPYPATH=content $(BIN)/mypy content/*.py content/builder content/airina/*.py
	MYPYPATH=images/course/server $(BIN)/mypy images/*.py images/building images/course/server/course_server

playbooks:
	@$(PLAY) --syntax-check ansible/*.yml > /dev/null && echo "playbooks: no mistake in their syntax"

unit:
	$(BIN)/pytest -q --numprocesses=auto -o faulthandler_timeout=120 -o faulthandler_exit_on_timeout=true \
		-m "not docker and not browser and not provision and not notebooks and not long"
