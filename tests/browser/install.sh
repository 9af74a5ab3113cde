#!/usr/bin/env bash
# Make sure of a Chromium and of a font with Chinese glyphs; where that is not allowed, say what to install, and fail.
set -u

found() {
    [ -n "${CHROME:-}" ] && [ -x "$(command -v "$CHROME")" ] && return 0
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    return 1
}

chinese() { command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh 2>/dev/null | head -n 1)" ]; }

found && chinese && exit 0

packages=""
found || packages="chromium"
chinese || packages="$packages fonts-noto-cjk fontconfig"
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing $packages from Debian's packages."
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update >/dev/null 2>&1
    # shellcheck disable=SC2086
    apt-get -qq install -y --no-install-recommends $packages >/dev/null 2>&1
fi
found && chinese && exit 0
echo "The browser tests need:${packages:+ $packages}. Install them (Debian: sudo apt-get install chromium fonts-noto-cjk fontconfig), or name a browser with CHROME=/path/to/chromium." >&2
exit 1
