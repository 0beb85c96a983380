#!/usr/bin/env bash
# Installs what the project needs: Debian packages (as root), then the locked Python packages in .venv/.
# Usage: installer.sh demo|test. Runs again at no cost; says what it installs, or what is missing without root.
set -euo pipefail
cd "$(dirname "$0")/.."
role="${1:-demo}"

voulus() { awk -v r="$role" '!/^#/ && NF && ($2 == "demo" || r == "test") {print $1}' packaging/debian-packages.txt; }

manquants() {
  command -v dpkg-query >/dev/null || return 0
  for p in $(voulus); do
    dpkg-query -W -f='${Status}\n' "$p" 2>/dev/null | grep -q 'ok installed' || echo "$p"
  done
}

installer_paquets() {
  local liste; liste="$(manquants | tr '\n' ' ')"
  [ -n "${liste// /}" ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    echo "Il manque des paquets du système. Demandez à l'administrateur :" >&2
    echo "    sudo apt-get install --no-install-recommends $liste" >&2
    exit 1
  fi
  echo "Installation des paquets Debian : $liste"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q >/dev/null
  # Services are started by the tests themselves, on 127.0.0.1; the policy keeps apt from starting them.
  # It must not outlive us, even when apt fails: no service of this machine would start any more.
  local politique=/usr/sbin/policy-rc.d
  if [ ! -e "$politique" ]; then
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$politique"
    chmod 755 "$politique"
  fi
  # shellcheck disable=SC2086
  apt-get install -y -q --no-install-recommends $liste >build/apt.log 2>&1 || { tail -20 build/apt.log >&2; exit 1; }
}

installer_python() {
  local marque; marque="$(sha256sum packaging/requirements.lock pyproject.toml | sha256sum | cut -c1-64)"
  [ "$(cat .venv/.verrou 2>/dev/null || true)" = "$marque" ] && return 0
  local python=/usr/bin/python3
  [ -x "$python" ] || python=python3
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
    || { echo "Il faut Python 3.11 ou plus récent ($("$python" --version) est installé)." >&2; exit 1; }
  echo "Installation des bibliothèques Python verrouillées dans .venv/ (packaging/requirements.lock)"
  [ -x .venv/bin/python ] || "$python" -m venv .venv
  .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r packaging/requirements.lock 2>build/pip.log \
    || { grep -v WARNING build/pip.log | tail -20 >&2; exit 1; }
  .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . 2>>build/pip.log \
    || { tail -20 build/pip.log >&2; exit 1; }
  echo "$marque" >.venv/.verrou
}

mkdir -p build
installer_paquets
installer_python
touch .venv/.pret
[ "$role" = demo ] || touch .venv/.pret-tests
