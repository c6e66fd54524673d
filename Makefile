# One short command per habit. `make serve` and `make test` set up everything they need.
PYTHON ?= python3
# uv from the machine where there is one, else from the project's own environment.
UV := $(shell command -v uv 2>/dev/null || echo .venv/bin/uv)
RUN := $(UV) run --locked --no-sync
ARGS ?=

.PHONY: serve test check data bench screenshots setup clean

serve: setup
	$(RUN) provence-map serve $(ARGS)

test: setup check
	$(RUN) pytest $(ARGS)

check: setup
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) mypy

data: setup  ## extract (network), then build (offline)
	$(UV) run --locked --inexact --group extract python -m layers.sources.packages
	$(RUN) python -m layers.build

bench: setup
	$(RUN) python tests/benchmarks/page_load.py $(ARGS)

screenshots: setup
	$(RUN) python tests/browser/screenshots.py

setup: $(UV)
	@$(UV) sync --locked --inexact --quiet

.venv/bin/uv:
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check uv

clean:
	rm -rf .venv .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis
