#!/usr/bin/env bash
# All tests, then the coverage ratchet. Qt runs offscreen; services are started and stopped by the tests themselves.
# Without argument the suite runs as two halves side by side: the folders whose tests mostly wait for cards, servers and
# killed processes, and the others. With arguments pytest gets them, in one process.
set -euo pipefail
cd "$(dirname "$0")/.."
export QT_QPA_PLATFORM="${QT_QPA_PLATFORM:-offscreen}"
ATTENTE=(tests/lecteurs tests/pannes tests/parcours)
PYTEST=(.venv/bin/python -m pytest -q -m "not banc" --cov --cov-report=)

moitie() {  # name, then pytest's arguments
  COVERAGE_FILE="build/.coverage.$1" "${PYTEST[@]}" "${@:2}"
}

en_deux() {
  local code=0
  moitie attente "${ATTENTE[@]}" >build/essais-attente.log 2>&1 &
  moitie calcul "${ATTENTE[@]/#/--ignore=}" || code=$?
  wait $! || code=$?
  echo "--- ${ATTENTE[*]}"
  cat build/essais-attente.log
  return $code
}

mkdir -p build
rm -f build/.coverage build/.coverage.*
.venv/bin/lint-imports --no-cache >build/imports.log || { cat build/imports.log; exit 1; }
.venv/bin/python -m ruff check .
if [ $# -gt 0 ]; then moitie choisis "$@"; else en_deux; fi
COVERAGE_FILE=build/.coverage .venv/bin/python -m coverage combine -q build/.coverage.*
COVERAGE_FILE=build/.coverage .venv/bin/python -m coverage json -q -o build/couverture.json
.venv/bin/python packaging/cliquet.py build/couverture.json
