#!/usr/bin/env bash
# The demonstration: with a display, the window; without one, the whole loop, leaving what it made in build/demo/.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  echo "Ouverture de la fenêtre de démonstration (poste fictif, cartes et caisses simulées)."
  exec .venv/bin/python -m sesam_desktop --demo
fi
echo "Pas d'écran : la boucle complète est jouée (cartes → caisses → paiements) dans build/demo/."
rm -rf build/demo
mkdir -p build/demo
.venv/bin/python -m sesam_desktop --profil build/demo/profil demo --sans-fenetre --garder --sortie build/demo \
  --factures "${FACTURES:-20}"
QT_QPA_PLATFORM=offscreen .venv/bin/python packaging/captures.py build/demo/ecrans --profil build/demo/profil \
  --seulement clair-100
echo
echo "À regarder : build/demo/ecrans (écrans), build/demo/duplicatas (PDF), build/demo/courriers (messages échangés)."
