# One short command per habit. `make serve` and `make test` set up everything they need.
PYTHON ?= python3
# uv from the machine where one runs, else from the project's own environment.
UV := $(shell uv --version >/dev/null 2>&1 && command -v uv || echo .venv/bin/uv)
RUN := $(UV) run --no-sync
ARGS ?=
# A Python is never fetched: the only network is the package registries.
export UV_PYTHON_DOWNLOADS := never
# Else each of the many processes that the tests start compiles two seconds of modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: serve test check data docs bench bench-interaction bench-scenes bench-growth load screenshots sheets second-programs rasters fuzz try-nginx audit sbom setup clean

serve: setup
	$(RUN) provence-map serve $(ARGS)

test: check
	$(RUN) pytest --numprocesses 3 --dist worksteal $(ARGS)

check: setup
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) mypy

data: setup  ## extract (network), then build (offline)
	$(UV) run --locked --inexact --group extract python -m layers.sources.packages
	$(RUN) python -m layers.build
	$(RUN) python -m layers.build.readme

docs: setup  ## docs/ as a site in build/docs/, to be read from disk or put on any web host
	NO_MKDOCS_2_WARNING=1 $(RUN) mkdocs build

bench: setup
	$(RUN) python tests/benchmarks/page_load.py $(ARGS)

bench-interaction: setup
	$(RUN) python tests/benchmarks/interaction.py $(ARGS)

bench-scenes: setup  ## how soon and how evenly a story changes scene
	$(RUN) python tests/benchmarks/scene_change.py $(ARGS)

bench-growth: setup  ## the map with ten, a hundred, a thousand times the sites, and with all communes of France
	$(RUN) python tests/benchmarks/growth.py $(ARGS)

load: setup  ## a launch day: a thousand open pages behind nginx, and a soak with ARGS="--soak 20"
	PYTHONPATH=. $(RUN) python tests/benchmarks/load.py $(ARGS)

screenshots: setup
	$(RUN) python tests/browser/screenshots.py

sheets: setup  ## every scene of the pitch, its PDF and its deck, on a sheet each
	$(RUN) python tests/browser/show_sheets.py $(ARGS)

second-programs: setup  ## every format of a snapshot opened in GDAL, LibreOffice and QGIS; a table of what they say
	$(RUN) python tests/second_programs.py $(ARGS)

rasters: setup  ## every raster that is written, opened in rio info, gdalinfo and a COG validator; a table of what they say
	$(RUN) python -m tests.rasters $(ARGS)

fuzz: setup  ## 10,000 links and 10,000 messages that nobody means, against a running server
	PROVENCE_MAP_FUZZ=10000 $(RUN) pytest tests/fuzz $(ARGS)

try-nginx: setup  ## deploy/nginx.conf before a server, for real, on loopback
	$(RUN) python -m tests.nginx

audit: setup  ## known faults of what is locked, asked of PyPI (network)
	@mkdir -p .cache
	$(UV) export --quiet --locked --no-default-groups --no-emit-project --format requirements-txt --output-file .cache/locked.txt
	$(UV) run --locked --inexact --group audit pip-audit --requirement .cache/locked.txt --disable-pip --strict $(ARGS)

sbom: setup  ## what is in it, as CycloneDX, from the lock file
	$(UV) export --quiet --locked --no-default-groups --format cyclonedx1.5 --output-file sbom.cdx.json

# --inexact leaves uv itself in the environment when it was installed there.
setup: $(UV)
	@$(UV) sync --locked --inexact --quiet

.venv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "$(PYTHON) is missing or older than 3.11: install one and name it, as in make PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -m venv .venv || { echo "no virtual environment: on Debian, apt install python3-venv" >&2; exit 2; }
	.venv/bin/python -m pip install --quiet --disable-pip-version-check uv

clean:
	rm -rf .venv .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis
