# make demo   a day of a small shop, then the host stays up      make up      the host without the story
# make test   everything                                          make check   lint, types, unit tests
# make synth  the CloudFormation template, with cfn-lint          make deploy  into your account: ARGS="-c from_address=…"
# make bench  the budgets of the design, measured                 make format  what a tool can mend
# make nightly  ten thousand random lives for each law: EXAMPLES=… for more or fewer; and every listed wrong change, each seen by its test
# make mutants  changes the code that decides what is sent in every way, and tells of changes that no test sees
# make coverage  what the unit tests run through, in build/coverage
# make docs   the docs as a site, in build/docs                   make sbom   what ships, as CycloneDX, in build/sbom.json
# make openapi  the API's description, functions/handlers/openapi.json, from its routes and models
# make release VERSION=x.y.z  commits and tags a release, pushes nothing (docs/releasing.md)
# make lock   requirements*.txt, with hashes, from the groups in pyproject.toml; UPGRADE=1 takes newer releases

PYTHON ?= python3
PORT ?= 8787
BIN := .venv/bin
INSTALL := -m pip install -qq --disable-pip-version-check
# The files of requirements name every package that is needed. Without this, pip looks at releases newer than the pinned one of a
# package that another needs with an extra (coverage[toml]), and refuses them since they have no hash there.
LOCKED := $(INSTALL) --no-deps --require-hashes
# Everything that is tried at random: definitions, people, clocks, bodies. A quick check tries a few of each.
RANDOM := $(shell grep -l '^@given' tests/unit/test_*.py tests/flow/test_*.py tests/security/test_*.py)
FEW ?= 3
EXAMPLES ?= 10000
export PORT
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 1

.PHONY: demo up test check types unit nightly mutants synth deploy bench format lock coverage docs sbom openapi release clean

demo: .venv/.local
	@$(BIN)/python -m local.demo

up: .venv/.local
	@$(BIN)/python -m local

check: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@$(MAKE) --no-print-directory -j 2 types unit

types: .venv/.dev
	$(BIN)/mypy

unit: .venv/.dev
	SEGMENT_EXAMPLES=$(FEW) $(BIN)/python -m pytest tests/unit -n 2

test: check .venv-ministack/.done node_modules/.done
	SEGMENT_EXAMPLES=60 $(BIN)/python -m pytest $(RANDOM) -n 2
	SEGMENT_EXAMPLES=$(FEW) $(BIN)/python -m pytest tests/contract tests/datasets tests/flow tests/security -n 2 --dist loadfile
	$(BIN)/python -m pytest tests/browser -n 2 --dist loadfile
	$(BIN)/python -m pytest tests/infra -n 2 --dist loadfile

nightly: .venv/.dev
	SEGMENT_NIGHTLY=1 SEGMENT_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest $(RANDOM) -n 2
	$(BIN)/python -m scripts.mutants

# The proven files and the share of the day; FILES="…" names others. Takes up where it was stopped if the files are the same.
mutants: .venv/.dev
	$(BIN)/python -m scripts.mutation $(FILES)

synth: .venv/.dev
	$(BIN)/python app.py $(ARGS)
	$(BIN)/cfn-lint -i W3005 -- cdk.out/*.template.json

deploy: .venv/.dev node_modules/.done
	PATH="$(CURDIR)/$(BIN):$$PATH" npx cdk deploy $(ARGS)

bench: .venv/.dev
	-$(BIN)/python $(LOCKED) -r requirements-bench.txt
	$(BIN)/python -m bench

# Each file after those whose versions it has to share.
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" \
	$(if $(UPGRADE),--upgrade)

lock: .venv/bin/uv
	$(LOCK) --group ship -o requirements.txt
	$(LOCK) pyproject.toml --extra aws --group local -c requirements.txt -o requirements-local.txt
	$(LOCK) pyproject.toml --extra count -c requirements-local.txt -o requirements-batch.txt
	$(LOCK) pyproject.toml --extra aws --extra count --group dev -c requirements-batch.txt -o requirements-dev.txt
	$(LOCK) --group infra -c requirements-dev.txt -o requirements-infra.txt
	$(LOCK) pyproject.toml --extra count --group bench -c requirements-dev.txt -o requirements-bench.txt
	$(LOCK) --group ministack -o requirements-ministack.txt

coverage: .venv/.dev
	SEGMENT_EXAMPLES=$(FEW) $(BIN)/python -m pytest tests/unit -n 2 --cov --cov-report=html --cov-report=term $(ARGS)

openapi: .venv/.dev
	$(BIN)/python -m functions.handlers.make_openapi

docs: .venv/.dev
	$(BIN)/zensical build --clean --strict

sbom: .venv/.dev
	$(BIN)/python scripts/sbom.py build/sbom.json

release: .venv/bin/python
	@$(BIN)/python scripts/release.py cut "$(VERSION)"
	@$(BIN)/python -m scripts.release_before
	@git diff --quiet -- tests/golden/release_before.zip || \
		git commit --quiet --message "Hold what is stored against $(VERSION)" -- tests/golden/release_before.zip

format: .venv/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv .venv-ministack node_modules build cdk.out .pytest_cache .mypy_cache .ruff_cache .hypothesis .cache .coverage

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Segue needs Python 3.11 or newer; name one: make PYTHON=python3.12 …"; exit 1; }
	@echo "· making an environment in .venv (once)"
	@$(PYTHON) -m venv .venv || { echo "On Debian and Ubuntu: apt-get install python3-venv"; rm -rf .venv; exit 1; }

.venv/bin/uv: | .venv/bin/python
	@sed -n '/^uv==/,/[^\\]$$/p' requirements-dev.txt > .venv/uv.txt
	@$(BIN)/python $(LOCKED) -r .venv/uv.txt

.venv/.local: requirements-local.txt pyproject.toml | .venv/bin/python
	@echo "· installing what the local host and the command .venv/bin/segue need (once, about a minute)"
	@$(BIN)/python $(LOCKED) -r requirements-local.txt
	@$(BIN)/python $(INSTALL) --no-deps -e .
	@touch $@

.venv/.dev: requirements-dev.txt requirements-infra.txt .venv/.local
	@echo "· installing what the tests and the CDK need (once, a few minutes)"
	@$(BIN)/python $(LOCKED) -r requirements-dev.txt -r requirements-infra.txt
	@touch $@

.venv-ministack/.done: requirements-ministack.txt .venv/.dev
	@echo "· installing an emulator of AWS (once)"
	@"$$($(BIN)/python -c 'import sys; from infra import bundle; print(bundle.find_compiler() or sys.executable)')" \
		-m venv .venv-ministack
	@.venv-ministack/bin/python $(LOCKED) -r requirements-ministack.txt
	@touch $@

node_modules/.done: package.json package-lock.json
	@if command -v npm >/dev/null; then npm ci --silent --no-fund --no-audit; else mkdir -p node_modules; fi
	@touch $@
