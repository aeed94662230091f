# The two commands: `make demo` and `make test`. Each sets up what it needs in .venv; nothing else is touched.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin

.PHONY: demo test clean

demo: $(VENV)/installed
	$(RUN)/cablekit convert samples/*.txt -o $(VENV)/demo.db
	$(RUN)/cablekit search 'tag:SOCI OR school' -a $(VENV)/demo.db

test: $(VENV)/installed-dev
	$(RUN)/ruff check
	$(RUN)/ruff format --check
	$(RUN)/mypy
	$(RUN)/pytest -n 2 --dist loadgroup --cov --cov-fail-under=95

clean:
	rm -rf $(VENV) dist .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache

# The stamps lie in .venv and go with it, so a removed or broken .venv is set up again. (pip compiles what it installs,
# but not a checkout: where Python may not write bytecode itself, every start would compile all modules anew.)
$(VENV)/installed: pyproject.toml | $(RUN)/python
	$(RUN)/python -m pip install --quiet --editable .
	$(RUN)/python -m compileall -q src
	touch $@

$(VENV)/installed-dev: pyproject.toml | $(RUN)/python
	$(RUN)/python -m pip install --quiet --editable '.[dev]'
	$(RUN)/python -m compileall -q src
	touch $@

# Some systems ship venv without ensurepip: there the pip outside puts one in.
$(RUN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else \
	  "cablekit needs Python 3.11 or newer; name one: make PYTHON=python3.12")'
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV) || { $(PYTHON) -m venv --clear --without-pip $(VENV) && \
	  $(PYTHON) -m pip --python $(RUN)/python install --quiet pip; }
