#!/usr/bin/env bash
# Builds dist/sesam-desktop/ for this platform and proves that it starts: a green PyInstaller run proves nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/python -m PyInstaller --noconfirm --log-level WARN --distpath dist --workpath build/pyinstaller packaging/sesam-desktop.spec
plateforme="$(find dist/sesam-desktop -name 'libqxcb.so' -o -name 'qwindows.dll' | head -1)"
[ -n "$plateforme" ] || { echo "Le greffon d'affichage de Qt manque dans le paquet." >&2; exit 1; }
QT_QPA_PLATFORM=offscreen dist/sesam-desktop/sesam-desktop --profil build/profil-paquet --quitter-apres-ouverture
# The whole loop, duplicates included: what is imported late must be in the folder too.
dist/sesam-desktop/sesam-desktop --json demo --sans-fenetre --factures 3 >build/paquet.json
echo "Construit : dist/sesam-desktop ($(du -sh dist/sesam-desktop | cut -f1)), démarrage et boucle vérifiés."
