#!/bin/bash
# Installs what the accessibility test of the HTML needs: Chromium, and axe-core from the package manager of Node (its version and
# hash stand in tests/accessibility/package-lock.json). Ends 0 when both are there, 69 when they cannot be installed here.
set -u
exec </dev/null
cd "$(dirname "$0")/../tests/accessibility" || exit 69

have() { command -v "$1" >/dev/null 2>&1; }
cannot() { echo "test browser: $1; the accessibility test of the HTML will be skipped" >&2; exit 69; }

if ! have chromium || ! have npm; then
  [ "$(id -u)" = 0 ] || cannot "not root"
  have apt-get || cannot "no apt-get on this machine"
  export DEBIAN_FRONTEND=noninteractive
  apt-cache show chromium >/dev/null 2>&1 || apt-get update -qq || cannot "apt-get update failed"
  apt-get install -y -qq --no-install-recommends chromium npm >/dev/null || cannot "apt-get install failed"
fi
[ -f node_modules/axe-core/axe.min.js ] || npm ci --silent --no-audit --no-fund || cannot "npm ci failed"
have chromium && [ -f node_modules/axe-core/axe.min.js ] || cannot "installed, but not found"
echo "test browser: chromium and axe-core are there"
