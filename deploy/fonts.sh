#!/usr/bin/env bash
# Fonts for the documents' scripts (Latin, Cyrillic, Arabic, Chinese), without asking: the system's where they are there, else Debian's
# packages, installed as root or unpacked beside the program otherwise. Says what it did; never fails the caller.
set -u
cd "$(dirname "$0")/.." || exit 0
own=.venv/share/fonts

covered() {
  local name
  for name in 'NotoSans-Regular.*' 'NotoNaskhArabic-Regular.*' 'NotoSansCJK-Regular.*'; do
    [ -n "$(find -L /usr/share/fonts /usr/local/share/fonts "$own" -name "$name" -print -quit 2>/dev/null)" ] || return 1
  done
}

if covered; then
  echo "fonts: Latin, Cyrillic, Arabic and Chinese are there"
  exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo "fonts: MISSING, and this is no Debian: install the Noto Sans, Noto Sans Arabic and Noto Sans CJK fonts" >&2
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
# without a network it gives up soon; while another installs, it waits its turn
patience="-o Acquire::http::Timeout=20 -o Acquire::Retries=1 -o DPkg::Lock::Timeout=300"
if [ "$(id -u)" = 0 ]; then
  apt-cache show fonts-noto-cjk >/dev/null 2>&1 || apt-get $patience update -qq </dev/null >/dev/null 2>&1
  apt-get $patience install -y -qq --no-install-recommends fonts-noto-core fonts-noto-cjk </dev/null >/dev/null 2>&1
else
  box=$(mktemp -d)
  (cd "$box" && apt-get $patience download -qq fonts-noto-core fonts-noto-cjk </dev/null >/dev/null 2>&1 && for deb in *.deb; do dpkg -x "$deb" .; done)
  mkdir -p "$own"
  find "$box" \( -name 'NotoSans-*.ttf' -o -name 'NotoSansArabic-*.ttf' -o -name 'NotoNaskhArabic-*.ttf' -o -name 'NotoSansCJK-*.ttc' \) \
    -exec cp {} "$own"/ \; 2>/dev/null
  rm -rf "$box"
fi
if covered; then
  echo "fonts: Noto fonts for Latin, Cyrillic, Arabic and Chinese are there now"
else
  echo "fonts: MISSING: fonts-noto-core and fonts-noto-cjk could not be had; documents will lack letters of some scripts" >&2
fi
exit 0
