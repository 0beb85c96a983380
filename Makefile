SHELL := /bin/bash
PY := .venv/bin/python
.DEFAULT_GOAL := aide

.PHONY: aide installer demo test lint captures bench couverture verrou paquet propre

aide: ## List the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

.venv/.pret: packaging/requirements.lock packaging/installer.sh packaging/debian-packages.txt
	@bash packaging/installer.sh demo

.venv/.pret-tests: .venv/.pret
	@bash packaging/installer.sh test

demo: .venv/.pret ## Set everything up and play the demonstration
	@bash packaging/demo.sh

test: .venv/.pret-tests ## Set everything up and pass the tests
	@bash packaging/essais.sh

lint: .venv/.pret-tests ## Style, types and floors of the house
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports

captures: .venv/.pret ## A picture of each page of the window in build/captures/
	@QT_QPA_PLATFORM=offscreen $(PY) packaging/captures.py build/captures

bench: .venv/.pret-tests ## Measures, as ratios taken in the same run
	@QT_QPA_PLATFORM=offscreen $(PY) -m pytest tests/banc -m banc -q -s --timeout=600

verrou: ## Lock the dependencies again, with hashes
	uv pip compile pyproject.toml --extra dev --generate-hashes --universal --python-version 3.11 \
	  --custom-compile-command "make verrou" -o packaging/requirements.lock

paquet: .venv/.pret-tests ## Build the program, one folder, for this platform
	@bash packaging/construire.sh

propre: ## Remove what the commands made
	rm -rf build dist .coverage htmlcov
