#!/usr/bin/env bash
# Sees to it that there is a Chromium for the tests of the explorer's page: Debian's, where apt-get
# may install it. Where there is none, it says so and how to get one; on CI that is an error.
set -euo pipefail

found() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

if found >/dev/null; then exit 0; fi
if command -v apt-get >/dev/null; then
    sudo=""
    if [ "$(id -u)" != 0 ]; then sudo="sudo -n"; fi
    if [ -z "$sudo" ] || $sudo true 2>/dev/null; then
        echo "Installing Chromium for the tests of the page (apt-get): minutes the first time ..."
        $sudo apt-get update -qq || true
        DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq chromium >/dev/null || true
    fi
fi
if found >/dev/null; then exit 0; fi
echo "There is no Chromium, so the browser's tests will be skipped: install the package chromium," \
    "or google-chrome, and run make test again." >&2
if [ "${CI:-}" = true ]; then exit 1; fi
