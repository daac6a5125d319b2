#!/bin/bash
# Installs what `make bench` compares us with: mbsync, public-inbox, notmuch, HyperKitty (Debian's packages). Nothing is started.
# Ends 0 when all are there; what is missing is said here, and again in the benchmark's output.
set -u
exec </dev/null

peers=(isync public-inbox notmuch python3-django-hyperkitty python3-whoosh)
missing() { for package in "${peers[@]}"; do dpkg -s "$package" >/dev/null 2>&1 || echo "$package"; done; }

[ -n "$(missing)" ] || { echo "bench: all peers are there"; exit 0; }
[ "$(id -u)" = 0 ] || { echo "bench: not root; peers not installed:" $(missing) >&2; exit 69; }
command -v apt-get >/dev/null || { echo "bench: no apt-get; peers not installed:" $(missing) >&2; exit 69; }
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi
apt-get update -qq || echo "bench: apt-get update failed" >&2
for package in $(missing); do
  apt-get install -y -qq --no-install-recommends "$package" >/dev/null || echo "bench: $package cannot be installed here" >&2
done
[ -z "$(missing)" ] || { echo "bench: missing:" $(missing) >&2; exit 69; }
echo "bench: peers installed"
