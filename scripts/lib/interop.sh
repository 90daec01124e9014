#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what the Node peers of tests/interop need, as their lock file says, and prints their directory.
# Run it as often as you like: it does nothing when the lock file has not changed since.
set -euo pipefail

dir="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../tests/interop" && pwd)"

for tool in node npm; do
  if ! command -v "$tool" >/dev/null; then
    echo "interop.sh: $tool is missing; install it with: apt-get install nodejs npm" >&2
    exit 1
  fi
done

# Two test runs may start at the same time: one installs, the other waits.
exec 9>"$dir/.install.lock"
flock -w 300 9

if ! cmp -s "$dir/package-lock.json" "$dir/node_modules/.installed-lock"; then
  # Scripts of packages are not run: none of ours needs one.
  npm --prefix "$dir" ci --ignore-scripts --no-audit --no-fund >&2
  cp "$dir/package-lock.json" "$dir/node_modules/.installed-lock"
fi

echo "$dir"
