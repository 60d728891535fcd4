# make report   the HTML report of the bundled corpus, in reports/; of others with ARTICLES=FOLDER
# make test     style, types, tests, notebooks
# make test-all the same, and the slow proofs
# make lab      the notebooks, in JupyterLab
# make lock     both locks anew, from pyproject.toml
# make data     data/crimea-2014 anew, from texts in SHARED
# make collect  the articles of a reading list, from the network
# make notebooks  run the notebooks and keep their outputs
# make screenshots  pictures of the report for the README, in docs/screenshots
# make clean    remove what these made
#
# Each sets up .venv first where that is missing or out of date. Needs make and Python 3.11 to 3.14
# (for 3.15 not all packages are published yet). Another Python than the first one found:
# make report PYTHON=/path/to/python3
# Windows: run it in Git Bash or MSYS2; WSL works as Linux does.

VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
LOCKED := $(VENV)/locked
READY := $(VENV)/ready
TESTING := $(VENV)/testing
PYTHON ?=
PYTHONS := $(if $(PYTHON),"$(PYTHON)",python3 python3.14 python3.13 python3.12 python3.11 python)

# Notebooks run on this environment's kernel, whatever other Jupyter the machine has.
export JUPYTER_PATH := $(CURDIR)/$(VENV)/share/jupyter
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Without kept byte code every kernel would compile pandas anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: report test test-all lab lock clean collect data notebooks screenshots

# On one's own articles: make report ARTICLES=FOLDER
report: $(READY)
	$(BIN)/compare-coverage report $(if $(ARTICLES),"$(ARTICLES)")

# Tests begin with an empty cache of their own.
test: export COMPARE_COVERAGE_CACHE = $(CURDIR)/$(VENV)/cache-of-tests
test: $(TESTING)
	@rm -rf "$(COMPARE_COVERAGE_CACHE)"
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy analysis
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --max-worker-restart 0 tests $(if $(SLOW),,-m "not slow")
	$(BIN)/python -m pytest --nbval --nbval-current-env --numprocesses 2 --dist loadfile notebooks

test-all:
	$(MAKE) test SLOW=1

lab: $(READY)
	$(BIN)/python -m jupyterlab notebooks

# Hashes are checked and nothing is built from source: what runs is what was locked. Byte code is
# left to the first import, since most modules of most packages are never imported (170 MB).
$(LOCKED): requirements.lock
	@found=; for python in $(PYTHONS); do \
	  if "$$python" -c 'import sys; sys.exit(not (3, 11, 5) <= sys.version_info < (3, 15))' 2>/dev/null; \
	  then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo 'Python 3.11.5 or newer, to 3.14, is needed. Looked for:' $(PYTHONS) >&2; \
	  echo 'Install it, or name one: make PYTHON=/path/to/python3' $(MAKECMDGOALS) >&2; \
	  exit 1; \
	fi; \
	echo "Setting up $(VENV) with $$("$$found" --version), once: a minute or a few"; \
	"$$found" -m venv --clear $(VENV) || { \
	  echo 'Python could not make $(VENV). On Debian and Ubuntu: apt-get install python3-venv' >&2; \
	  exit 1; \
	}
	@$(call install,requirements.lock)
	@touch $@

# What tests need besides is locked apart, so that who only makes reports does not fetch it.
$(TESTING): $(READY) requirements-test.lock
	@echo "Adding what the tests need to $(VENV), once"
	@$(call install,requirements-test.lock)
	@touch $@

# pip in the background, and how far it has come.
define install
$(BIN)/python -m pip install --no-compile --only-binary :all: --require-hashes --no-deps \
  -r $(1) >$(VENV)/pip.log 2>&1 & pip=$$!; \
trap 'kill $$pip; exit 130' INT TERM; \
total=$$(grep -c == $(1)); \
while kill -0 $$pip 2>/dev/null; do \
  if grep -q '^Installing' $(VENV)/pip.log; then step='installing         '; \
  else step="package $$(grep -cE '^(Collecting|Ignoring) ' $(VENV)/pip.log) of $$total"; fi; \
  if [ -t 1 ]; then printf '\r  %s' "$$step"; else printf .; fi; \
  sleep 1; \
done; \
echo; \
wait $$pip || { tail -n 20 $(VENV)/pip.log >&2; exit 1; }
endef

# Notebooks find the package from whatever folder their kernel starts in.
$(READY): $(LOCKED) pyproject.toml
	@$(BIN)/python -m pip install --quiet --no-compile --no-deps --no-build-isolation --editable .
	@touch $@

LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --fork-strategy fewest \
  --generate-hashes --quiet --custom-compile-command 'make lock'
lock:
	$(LOCK) --upgrade --extra setup --output-file requirements.lock
	$(LOCK) --extra test --constraint requirements.lock --output-file requirements-test.lock

clean:
	rm -rf $(VENV) reports

# The bundled corpus, from texts that are not part of the project (see data/README.md).
SHARED ?= ../shared
data: $(READY)
	$(BIN)/compare-coverage gather $(SHARED)/corpora/crimea-2014.jsonl $(SHARED)/seeds/*.txt \
	  --metadata data/corpora/crimea-2014.csv --out crimea-2014.articles.parquet
	$(BIN)/compare-coverage measure crimea-2014.articles.parquet \
	  --about data/corpora/crimea-2014.toml --out data/crimea-2014

# What a reading list names, for whoever has a network: make collect CONTACT=you@example.org
LIST ?= data/reading-lists/crimea-talks-2014.csv
collect: $(READY)
	$(BIN)/compare-coverage collect $(LIST) --contact "$(CONTACT)" --out collected.articles.parquet

# The outputs in the notebooks, as a strict test compares them.
notebooks: $(READY)
	$(BIN)/python -m jupyter nbconvert --to notebook --execute --inplace \
	  --ExecutePreprocessor.record_timing=False --log-level=ERROR \
	  --ExecutePreprocessor.extra_arguments="['--IPKernelApp.log_level=40']" notebooks/*.ipynb

# Pictures of the report's pages for the README; needs Chromium.
screenshots: report
	$(BIN)/python docs/screenshots.py
