#!/usr/bin/env bash
# Make sure of nginx and openssl; where that is not allowed, say what to install, and fail.
set -u
export PATH="$PATH:/usr/sbin:/sbin"

missing() {
    command -v nginx >/dev/null 2>&1 || echo nginx-light
    command -v openssl >/dev/null 2>&1 || echo openssl
}

packages="$(missing)"
[ -z "$packages" ] && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    export DEBIAN_FRONTEND=noninteractive
    # A server that the package starts by itself would take port 80.
    export RUNLEVEL=1
    apt-get -qq update >/dev/null 2>&1
    # shellcheck disable=SC2086
    apt-get -qq install -y --no-install-recommends $packages >/dev/null 2>&1
fi
packages="$(missing)"
[ -z "$packages" ] && exit 0
# shellcheck disable=SC2086
echo "The hosting tests need:" $packages"; install them (Debian: sudo apt-get install" $packages")." >&2
exit 1
