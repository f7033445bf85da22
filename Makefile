# The one list of commands. CI runs the same two words, `make check` and `make test`, on a bare machine.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONDONTWRITEBYTECODE = 1

.PHONY: help demo test check fix bench reference lock docs clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/run: requirements/run.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: requirements/dev.txt $(VENV)/run
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

demo: $(VENV)/run ## a practice with simulated clients, in the browser at 127.0.0.1:8000
	$(BIN)/holdfast practice demo --folder .demo

test: $(VENV)/dev ## everything quick: both database engines, real browser
	@sh tests/prepare.sh $(BIN)/python

check: $(VENV)/dev ## format, lint, types, import contracts, migrations, lock, documents in step with the code
	$(BIN)/ruff format --check src tests bench
	$(BIN)/ruff check src tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/holdfast practice check --source
	$(BIN)/python -m pytest -q tests/house

fix: $(VENV)/dev ## what a machine can put right
	$(BIN)/ruff check --fix src tests bench
	$(BIN)/ruff format src tests bench
	$(BIN)/python -m tests.house.write_docs

bench: $(VENV)/dev ## side-by-side comparisons that print ratios; nothing here is a test
	$(BIN)/python -m bench

reference: $(VENV)/dev ## the made-up tables and R's answers of the mixed model, made anew (needs R with lme4, lmerTest)
	$(BIN)/python -m tests.reference.mixed_sets
	Rscript tests/reference/mixed_sets.R

lock: ## resolve the dependencies anew (needs uv); pins versions and hashes, no addresses
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras -q \
	  --extra practice --extra postgres --group build pyproject.toml -o requirements/run.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-strip-extras -q \
	  --extra practice --extra postgres --group build --group dev -c requirements/run.txt pyproject.toml -o requirements/dev.txt

docs: $(VENV)/dev ## the reference pages, made anew from the code
	$(BIN)/python -m tests.house.write_docs

clean: ## the environment and the demo practice
	rm -rf $(VENV) .demo
