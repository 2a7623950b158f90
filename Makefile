# Everything is set up by itself: `make demo` and `make test` need Python 3.11 or later, and nothing else.
PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3,$(shell command -v $(name))))
BIN := .venv/bin
READY := .venv/ready

.PHONY: demo test browser lint bench fuzz eval lock clean

demo: $(READY)
	$(BIN)/gongkai demo

test: $(READY) browser
	$(BIN)/python -m pytest

# Tests of pages that only scripts fill start a real Chromium; the demo does without. Its fonts are for the screenshots.
browser: $(READY)
	@$(BIN)/python -m crawler.browser >/dev/null 2>&1 || { apt-get update -qq && \
		apt-get install -y -qq --no-install-recommends chromium-headless-shell fonts-wqy-zenhei; } || \
		$(BIN)/python -m playwright install --only-shell chromium
	@$(BIN)/python -m crawler.browser

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/gongkai portals --check

bench: $(READY)
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.reading
	$(BIN)/python -m tests.bench.memory

# The reader against 20,000 mutated pages, and against pages that are far too much of something.
fuzz: $(READY)
	$(BIN)/python -m tests.reading.fuzz --pages 20000
	$(BIN)/python -m tests.reading.monsters

eval: $(READY)
	$(BIN)/python -m tests.eval

# Compiled as pip does it for a package: where Python may not write bytecode, each process would compile them anew.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { apt-get update -qq && apt-get install -y -qq python3-venv; } || \
		{ echo "make: Python's venv is missing; as root: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q archive crawler
	touch $@

# Versions and hashes only: the file names no package index.
lock:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet uv
	.venv-lock/bin/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --quiet --output-file requirements.lock
	rm -rf .venv-lock

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache build gongkai.egg-info
