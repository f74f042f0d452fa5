# make demo   a day of a small shop, then the host stays up      make up     the host without the story
# make test   everything                                          make check  lint, types, unit tests: under two minutes
# make synth  the CloudFormation template                         make bench  the budgets of the design, measured

PYTHON ?= python3
PORT ?= 8787
BIN := .venv/bin
PIP := -m pip install --quiet --disable-pip-version-check --require-virtualenv
export PORT

.PHONY: demo up test check synth bench format clean

demo: .venv/.local
	@$(BIN)/python -m local.demo

up: .venv/.local
	@$(BIN)/python -m local

check: .venv/.dev .venv-infra/.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/unit

test: check .venv-ministack/.done build/lambda-local/.done
	$(BIN)/python -m pytest tests --ignore=tests/unit --ignore=tests/infra
	.venv-infra/bin/python -m pytest tests/infra

synth: .venv-infra/.done
	.venv-infra/bin/python app.py

bench: .venv/.dev
	$(BIN)/python -m bench

format: .venv/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv .venv-infra .venv-ministack build cdk.out .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/bin/python:
	@echo "Creating the environment in .venv (once) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Segue needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "On Debian and Ubuntu: apt-get install python3-venv"; rm -rf .venv; exit 1; }

.venv/.local: requirements.txt requirements-local.txt | .venv/bin/python
	@echo "Installing what the local host needs (once) ..."
	@$(BIN)/python $(PIP) -r requirements.txt -r requirements-local.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.local
	@echo "Installing what the tests need (once) ..."
	@$(BIN)/python $(PIP) -r requirements-dev.txt
	@touch $@

.venv-infra/.done: requirements.txt requirements-infra.txt requirements-dev.txt
	@echo "Installing the CDK (once) ..."
	@$(PYTHON) -m venv .venv-infra
	@.venv-infra/bin/python $(PIP) -r requirements-infra.txt
	@touch $@
