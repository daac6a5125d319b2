#!/bin/bash
# Installs what the tests talk to: Dovecot (IMAP), Postfix (SMTP), ClamAV's daemon (with a signature of the test's own, nothing is
# downloaded) and Tesseract with data for the six languages, and strace. They are not started as services of the machine; each test starts its
# own copy on loopback. Ends 0 when all are there, 69 when they cannot be installed here.
set -u
exec </dev/null

have() { PATH="$PATH:/usr/sbin" command -v "$1" >/dev/null 2>&1; }
cannot() { echo "test servers: $1; the tests against real servers will be skipped" >&2; exit 69; }

all_there() { have dovecot && have postfix && have smtp-sink && have openssl && have clamd && have tesseract && have strace; }

if all_there; then
  echo "test servers: dovecot, postfix, openssl, clamd, tesseract and strace are there"
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
apt-get install -y -qq --no-install-recommends dovecot-imapd postfix openssl strace clamav-daemon tesseract-ocr tesseract-ocr-eng tesseract-ocr-ara \
  tesseract-ocr-chi-sim tesseract-ocr-fra tesseract-ocr-rus tesseract-ocr-spa >/dev/null || cannot "apt-get install failed"
all_there || cannot "installed, but not found"
echo "test servers: installed"
