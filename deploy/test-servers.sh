#!/bin/bash
# Installs the servers that the tests talk to: Dovecot (IMAP) and Postfix (SMTP). They are not started as services of the
# machine; each test starts its own copy on loopback. Ends 0 when both are there, 69 when they cannot be installed here.
set -u
exec </dev/null

have() { PATH="$PATH:/usr/sbin" command -v "$1" >/dev/null 2>&1; }
cannot() { echo "test servers: $1; the tests against real servers will be skipped" >&2; exit 69; }

if have dovecot && have postfix && have smtp-sink && have openssl; then
  echo "test servers: dovecot, postfix and openssl are there"
  exit 0
fi
[ "$(id -u)" = 0 ] || cannot "not root"
have apt-get || cannot "no apt-get on this machine"

export DEBIAN_FRONTEND=noninteractive
# the packages must not start services of their own
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi
echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections 2>/dev/null
apt-get update -qq || cannot "apt-get update failed"
apt-get install -y -qq --no-install-recommends dovecot-imapd postfix openssl >/dev/null || cannot "apt-get install failed"
have dovecot && have postfix && have smtp-sink || cannot "installed, but not found"
echo "test servers: installed"
