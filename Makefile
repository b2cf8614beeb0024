# Throughline: `make run` serves it, `make test` tests it. The work is done by small scripts in scripts/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help run setup test check style types imports knowledge format bench lock

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

run: ## set up what is missing and serve on http://127.0.0.1:8000 (PORT=8001 for another port)
	@scripts/run.sh

setup:
	@scripts/setup.sh test

test: setup ## set up what tests need and run all of them (ARGS="-k naltrexone" for some)
	@.venv/bin/python -m pytest $(ARGS)

check: style types imports knowledge ## style, types, import rules, knowledge base

style: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

types: setup
	.venv/bin/mypy

imports: setup
	.venv/bin/lint-imports --no-cache --no-logo

knowledge: setup
	.venv/bin/throughline check-knowledge --reach tests/vignettes examples

format: setup ## let ruff lay out the code and mend what it can
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

bench: setup ## how long a plan takes from Case to Plan, and the knowledge base to load
	@.venv/bin/python bench/plan.py

pictures: setup ## the pictures of the README, made from example (a)
	@.venv/bin/python scripts/pictures.py

lock: ## renew requirements.lock and requirements-dev.lock
	@scripts/lock.sh
