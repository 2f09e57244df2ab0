# Everything a newcomer needs: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help run demo test check nightly words requirements clean chromium

help: ## show what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

run: .venv/.run ## start Linli: web chat and console on http://127.0.0.1:8000
	@exec $(BIN)/linli serve

demo: .venv/.run ## show the desk alive: thirty days in an invented community, apart from all real data
	@exec $(BIN)/linli demo $(ARGS)

test: .venv/.dev chromium check ## lint, types, architecture and all tests
	$(BIN)/pytest -n 2 --dist loadfile -m "not nightly" $(TESTS)

check: .venv/.dev ## lint, types and architecture alone
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

nightly: .venv/.dev chromium ## the long runs too
	$(BIN)/pytest -n 2 --dist loadfile $(TESTS)

words: .venv/.dev ## take new words for people into the catalogues
	$(BIN)/pybabel -q extract -F pyproject.toml --project Linli --copyright-holder Linli --no-location --sort-output -o handlers/locale/linli.pot .
	$(BIN)/pybabel -q update -i handlers/locale/linli.pot -d handlers/locale -D linli --no-fuzzy-matching --ignore-obsolete -w 120

requirements: .venv/.dev ## compile the exact versions from the ranges in pyproject.toml
	$(BIN)/pip install -q uv
	for part in run dev; do \
	  printf 'hatchling\neditables\n' | $(BIN)/uv pip compile pyproject.toml - $$( [ $$part = dev ] && echo "--extra dev -c requirements/run.txt" ) \
	    --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o requirements/$$part.txt; done

clean: ## remove the environment; the data in var/ stays
	rm -rf .venv

chromium:
	@.ci/chromium

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Linli needs Python 3.11 or newer; $(PYTHON) is older. Say which: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "This Python cannot make environments. On Debian: apt-get install python3-venv"; exit 1; }

.venv/.run: .venv/bin/python requirements/run.txt pyproject.toml
	@echo "Installing what Linli needs (once) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

.venv/.dev: .venv/.run requirements/dev.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@
