# make            the same as make run
# make run        install what is locked, build, migrate, load the demo, start web and worker; CAIRN_DATA, PORT, CAIRN_DEMO=0
# make test       install what tests need; all but the long tests, on SQLite and on a throwaway PostgreSQL; pages and pure code on one of them
# make test-long  races, long property runs, kill runs, on both
# make soak       faults by the hundred, on both; may take hours. CAIRN_SOAK=0.1 runs a tenth of them
# make check      style, types, import contracts, templates, generated pages, migrations, locks
# make bench      the table of speeds, on both
# make docs       write docs/reference anew
# make lock       write requirements/*.txt anew from pyproject.toml
# make clean      remove what make made but node_modules (make clean-all); the data folder stays

.DEFAULT_GOAL := run
.PHONY: run test test-long soak check bench docs lock clean clean-all

install = python=$$(sh tools/prerequisites.sh) && $$python tools/install.py
ours = .venv/bin/python

run:
	@$(install)
	@CAIRN_DEMO="$${CAIRN_DEMO:-1}" exec .venv/bin/cairn run

test:
	@$(install) --tests
	@$(ours) -m tools.test

test-long:
	@$(install) --tests
	@$(ours) -m tools.test --long

soak:
	@$(install) --tests
	@$(ours) -m tools.soak

check:
	@$(install) --tests
	@$(ours) -m tools.check

bench:
	@$(install) --tests
	@$(ours) -m tools.test --bench

docs:
	@$(install) --tests
	@.venv/bin/cairn docs
	@CAIRN_WRITE_ACCESS=1 .venv/bin/pytest -m long tests/integration/test_access.py

lock:
	@$(install)
	@sh tools/lock.sh

clean:
	rm -rf build .venv .tools .mypy_cache .ruff_cache .import_linter_cache .hypothesis .pytest_cache
	find . -name __pycache__ -type d -not -path './node_modules/*' -prune -exec rm -rf {} +

clean-all: clean
	rm -rf node_modules
