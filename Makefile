# `make demo` and `make test` set everything up themselves; the second time they start at once.
READY := .venv/.ready
OFFBOOK := .venv/bin/offbook
PYTHON := .venv/bin/python
SPEECH ?=

.PHONY: demo test verify bench train setup clean

demo: $(READY)
	@$(OFFBOOK) demo

test: $(READY)
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@OPENBLAS_NUM_THREADS=1 $(PYTHON) -m pytest -m "not verify" --numprocesses 2 --dist loadfile --no-loadscope-reorder

verify: $(READY)
	@$(PYTHON) -m pytest -m verify --timeout=3000

bench: $(READY)
	@$(PYTHON) -m tests.bench $(SPEECH)

train: $(READY)
	@$(OFFBOOK) train

setup: $(READY)

$(READY): pyproject.toml constraints.txt .ci/setup
	@bash .ci/setup

clean:
	@rm -rf .venv out dist
