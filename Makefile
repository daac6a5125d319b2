# Two commands on a machine with Python and make: `make demo` and `make test`. `make` alone lays out .venv.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
unexport PYTHONDONTWRITEBYTECODE

.PHONY: all demo test check lint types contract lock server-packages fonts bench fuzz crash crash-full soak proxy deep clean bless
all: $(VENV)/.ready

$(VENV)/.ready: requirements/dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	-bash deploy/fonts.sh </dev/null
	touch $@

lock: ## rewrite the hashed requirements files (they record no download address)
	uv pip compile --quiet --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' --python-version 3.11 pyproject.toml -o requirements/core.txt
	uv pip compile --quiet --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' --python-version 3.11 pyproject.toml requirements/dev.in -o requirements/dev.txt
	uv pip compile --quiet --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' --python-version 3.11 requirements/fuzz.in -o requirements/fuzz.txt
	uv pip compile --quiet --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' --python-version 3.11 requirements/bench.in -o requirements/bench.txt

lint: all
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
types: all
	$(BIN)/mypy
contract: all
	$(BIN)/lint-imports

test: all fonts ## everything: style, types, import contract, tests; installs the test servers and a browser where it can
	-bash deploy/test-servers.sh </dev/null
	-bash deploy/test-browser.sh </dev/null
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest -q -n 2 --dist loadscope

demo: all fonts ## a whole round on this machine; writes below demo/
	$(BIN)/intake demo --out demo --no-browser

fonts: all
	-bash deploy/fonts.sh </dev/null

FUZZ_SECONDS ?= 600
fuzz: all ## fuzz reading for FUZZ_SECONDS on one core; adds to docs/fuzz.json (atheris has wheels for few systems: kept out of .venv's list)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/fuzz.txt
	nice -n 19 $(BIN)/python -m tests.fuzz.run --seconds $(FUZZ_SECONDS)

KILLS ?= 5
crash: all ## SIGKILL the daemon KILLS times at every named point, before a real Dovecot and an SMTP sink
	-bash deploy/test-servers.sh </dev/null
	CI=true $(BIN)/python -m tests.crash.run --kills $(KILLS) --random $(KILLS)
crash-full: all ## KILLS more at each point that docs/crash.json has fewer than 20 of, with another seed each time; the sums add up there
	CI=true $(BIN)/python -m tests.crash.run --kills $(KILLS) --random $(KILLS) --until 20 --seed $$RANDOM --add docs/crash.json

QUICK ?=
bench: all fonts ## speed, memory and disk, beside others where they can be had; adds to docs/bench.json (QUICK=1: only to see that it runs)
	-bash deploy/test-servers.sh </dev/null
	$(if $(QUICK),,-bash deploy/bench-peers.sh </dev/null)
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	nice -n 5 $(BIN)/python -m tests.bench.run $(if $(QUICK),--quick,--add docs/bench.json)

SOAK_MINUTES ?= 60
soak: all ## the daemon for SOAK_MINUTES with people and operators at work on the mailbox; adds to docs/soak.json
	-bash deploy/test-servers.sh </dev/null
	CI=true nice -n 19 $(BIN)/python -m tests.soak.run --minutes $(SOAK_MINUTES) --seed $$RANDOM --out docs/soak.json

proxy: all ## the whole matrix of network poison: writes docs/proxy.json
	-bash deploy/test-servers.sh </dev/null
	CI=true $(BIN)/python -m tests.proxy.run --out docs/proxy.json

deep: all ## the proofs of which `make test` runs a spread, in full: I/O faults, power loss, the state machine, the simulated year
	INTAKE_DEEP=1 $(BIN)/pytest -q --timeout 7200 tests/crash/test_io_faults.py tests/crash/test_power_loss.py tests/machine tests/year

bless: all ## rewrite the golden files; review the difference
	INTAKE_BLESS=1 $(BIN)/pytest -q tests/golden

clean:
	rm -rf demo build dist .mypy_cache .ruff_cache .import_linter_cache
