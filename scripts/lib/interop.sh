#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what the peers of tests/interop need, and prints their directory: Node's packages as their lock file says, and Debian's own
# grpcio for Debian's Python. Run it as often as you like: it does nothing when all is there.
set -euo pipefail

lib=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=$(cd "$lib/../../tests/interop" && pwd)
# shellcheck source=/dev/null
source "$lib/common.sh"

# Two test runs may start at the same time: one installs, the other waits.
exec 9>"$dir/.install.lock"
flock -w 300 9

# protoc describes the messages to Python; the system's Python is meant, whatever other stands first on PATH.
apt_install python3 python3-grpcio python3-protobuf protobuf-compiler >&2
/usr/bin/python3 -c 'import grpc, google.protobuf' || die "/usr/bin/python3 does not find grpcio, though python3-grpcio is installed"
{ command -v node && command -v npm; } >/dev/null || apt_install nodejs npm >&2

if ! cmp -s "$dir/package-lock.json" "$dir/node_modules/.installed-lock"; then
    # Scripts of packages are not run: none of ours needs one.
    npm --prefix "$dir" ci --ignore-scripts --no-audit --no-fund >&2
    cp "$dir/package-lock.json" "$dir/node_modules/.installed-lock"
fi

echo "$dir"
