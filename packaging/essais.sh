#!/usr/bin/env bash
# All tests, then the coverage ratchet. Qt runs offscreen; services are started and stopped by the tests themselves.
set -euo pipefail
cd "$(dirname "$0")/.."
export QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}" COVERAGE_FILE=build/.coverage
.venv/bin/lint-imports --no-cache >build/imports.log || { cat build/imports.log; exit 1; }
.venv/bin/python -m ruff check .
.venv/bin/python -m pytest -q -m "not banc" --cov --cov-report=json:build/couverture.json --cov-report= "$@"
.venv/bin/python packaging/cliquet.py build/couverture.json
