# make report   the HTML report of the bundled corpus, in reports/
# make test     every check: style, types, tests, notebooks
# make lab      the notebooks, in JupyterLab
# make lock     requirements.lock anew, from pyproject.toml
# make data     data/crimea-2014 anew, from texts in SHARED
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
PYTHON ?=
PYTHONS := $(if $(PYTHON),"$(PYTHON)",python3 python3.14 python3.13 python3.12 python3.11 python)

# Notebooks run on this environment's kernel, whatever other Jupyter the machine has.
export JUPYTER_PATH := $(CURDIR)/$(VENV)/share/jupyter
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Without kept byte code every kernel would compile pandas anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: report test lab lock clean data notebooks screenshots

report: $(READY)
	$(BIN)/python -m analysis report

test: $(READY)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy analysis
	$(BIN)/python -m pytest tests
	$(BIN)/python -m pytest --nbval --nbval-current-env notebooks

lab: $(READY)
	$(BIN)/python -m jupyterlab notebooks

# Hashes are checked and nothing is built from source: what runs is what was locked. Byte code is
# left to the first import, since most modules of most packages are never imported (170 MB).
$(LOCKED): requirements.lock
	@found=; for python in $(PYTHONS); do \
	  if "$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; \
	  then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo 'Python 3.11, 3.12, 3.13 or 3.14 is needed. Looked for:' $(PYTHONS) >&2; \
	  echo 'Install it, or name one: make PYTHON=/path/to/python3' $(MAKECMDGOALS) >&2; \
	  exit 1; \
	fi; \
	echo "Setting up $(VENV) with $$("$$found" --version), once: a minute or a few"; \
	"$$found" -m venv --clear $(VENV) || { \
	  echo 'Python could not make $(VENV). On Debian and Ubuntu: apt-get install python3-venv' >&2; \
	  exit 1; \
	}
	@$(BIN)/python -m pip install --no-compile --only-binary :all: --require-hashes \
	  -r requirements.lock >$(VENV)/pip.log 2>&1 & pip=$$!; \
	trap 'kill $$pip; exit 130' INT TERM; \
	total=$$(grep -c == requirements.lock); \
	while kill -0 $$pip 2>/dev/null; do \
	  if grep -q '^Installing' $(VENV)/pip.log; then step='installing         '; \
	  else step="package $$(grep -cE '^(Collecting|Ignoring) ' $(VENV)/pip.log) of $$total"; fi; \
	  if [ -t 1 ]; then printf '\r  %s' "$$step"; else printf .; fi; \
	  sleep 1; \
	done; \
	echo; \
	wait $$pip || { tail -n 20 $(VENV)/pip.log >&2; exit 1; }
	@touch $@

# Notebooks find the package from whatever folder their kernel starts in.
$(READY): $(LOCKED) pyproject.toml
	@$(BIN)/python -m pip install --quiet --no-compile --no-deps --no-build-isolation --editable .
	@touch $@

lock:
	uv pip compile pyproject.toml --extra test --universal --python-version 3.11 \
	  --fork-strategy fewest --generate-hashes --upgrade --quiet \
	  --custom-compile-command 'make lock' --output-file requirements.lock

clean:
	rm -rf $(VENV) reports

# The bundled corpus, from texts that are not part of the project (see data/README.md).
SHARED ?= ../shared
data: $(READY)
	$(BIN)/python -m analysis gather $(SHARED)/corpora/crimea-2014.jsonl $(SHARED)/seeds/*.txt \
	  --metadata data/corpora/crimea-2014.csv --out crimea-2014.articles.parquet
	$(BIN)/python -m analysis measure crimea-2014.articles.parquet \
	  --about data/corpora/crimea-2014.toml --out data/crimea-2014

# The outputs in the notebooks, as a strict test compares them.
notebooks: $(READY)
	$(BIN)/python -m jupyter nbconvert --to notebook --execute --inplace \
	  --ExecutePreprocessor.record_timing=False --log-level=ERROR notebooks/*.ipynb

# Pictures of the report's pages for the README; needs Chromium.
screenshots: report
	$(BIN)/python docs/screenshots.py
