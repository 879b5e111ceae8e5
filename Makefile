# `make` lists the targets. On Windows, README.md has the same commands without make.

VENV := .venv
IN_VENV := $(VENV)/bin/python
PIP := $(IN_VENV) -m pip install --disable-pip-version-check

# Another interpreter:  make app PYTHON=python3.12
PYTHON ?= python3 python3.13 python3.12 python3.11
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))

# More words for the command:  make test ARGS="-k padding"    make app ARGS="--port 8600"
ARGS ?=

# As many tests at once as there are processors, at most four; a file's tests stay together,
# and those that need a browser come last.
PYTEST := $(IN_VENV) -m pytest -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help app test check format bench verify screenshots catalogues

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /\1: /p' $(firstword $(MAKEFILE_LIST)) | awk -F ': ' '{printf "  make %-12s %s\n", $$1, $$2}'

app: $(VENV)/app.stamp ## set up what is missing, then serve CNN Lab
	$(IN_VENV) -m cnnlab serve $(ARGS)

test: $(VENV)/dev.stamp ## run all tests
	$(PYTEST) $(ARGS)

check: $(VENV)/dev.stamp ## check format, style and types, then run all tests
	$(IN_VENV) -m ruff format --check .
	$(IN_VENV) -m ruff check .
	$(IN_VENV) -m pyright
	$(PYTEST) $(ARGS)

format: $(VENV)/dev.stamp ## format the code and repair what ruff can repair
	$(IN_VENV) -m ruff check --fix-only --quiet .
	$(IN_VENV) -m ruff format .

bench: $(VENV)/dev.stamp ## measure speed beside a stock Streamlit app, in one run
	$(IN_VENV) -m benchmarks $(ARGS)

verify: $(VENV)/dev.stamp ## compare 10,000 layer settings and every network with PyTorch; train again what lessons quote
	$(IN_VENV) -m pytest tests/arithmetic/test_against_torch.py tests/zoo tests/tracing --settings 10000 --every-network $(ARGS)
	$(IN_VENV) -m pytest -m every_run --every-run $(ARGS)

# The functions that texts are wrapped in: cnnlab/language.py. The list of texts itself is not kept.
catalogues: $(VENV)/dev.stamp ## bring the texts of the interface into the files that translators fill in
	$(IN_VENV) -m babel.messages.frontend -q extract -F cnnlab/locales/sources.cfg --no-default-keywords \
	  -k translate -k translate_count:1,2 -k mark --project=cnnlab --sort-by-file \
	  --add-location=file -o $(VENV)/cnnlab.pot cnnlab pages
	$(IN_VENV) -m babel.messages.frontend -q update -D cnnlab -i $(VENV)/cnnlab.pot -d cnnlab/locales \
	  --width=100 --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

screenshots: $(VENV)/dev.stamp ## take the pictures of the README again, from the running app
	$(IN_VENV) -m tests.screenshots $(ARGS)

$(IN_VENV):
	@for candidate in $(PYTHON); do \
	  if "$$candidate" -c '$(SUPPORTED)' 2>/dev/null; then found=$$candidate; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "CNN Lab needs Python 3.11, 3.12 or 3.13. Tried: $(PYTHON); python3 is $$(python3 --version 2>&1 | head -n 1)." >&2; \
	  echo "Install one of them, or name it: make $(firstword $(MAKECMDGOALS)) PYTHON=/path/to/python3.12" >&2; \
	  exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$found" --version)"; \
	"$$found" -m venv --clear $(VENV) || { \
	  rm -rf $(VENV); \
	  echo "This Python cannot make a virtual environment; on Debian and Ubuntu: apt install python3-venv" >&2; \
	  exit 1; \
	}

$(VENV)/app.stamp: requirements.txt $(IN_VENV)
	@echo "Installing what CNN Lab runs on; the first time this takes some minutes"
	$(PIP) -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt requirements.txt $(IN_VENV)
	@echo "Installing what CNN Lab and its tests run on; the first time this takes some minutes"
	$(PIP) -r requirements-dev.txt
	@touch $@ $(VENV)/app.stamp
