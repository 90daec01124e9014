#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One real manager over a real Consul on loopback, and many agents without containers: whether it leaks.
# What it costs: scripts/bench.sh hollow-churn and hollow-load.
# usage: scripts/hollow.sh soak [--agents N] [--minutes M] [--changes R] [--cuts R] [--crashes R] [--seed S]
set -euo pipefail
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=${scripts%/scripts}
for part in common consul packages; do
    # shellcheck source=/dev/null
    source "$scripts/lib/$part.sh"
done

prepare_environment
need_sdk "$repository" || exit 1
CONSUL_BIN=$(install_consul | tail -n 1)
export CONSUL_BIN
dotnet build "$repository/tests/Hollow" -c Release -v quiet --nologo -nodeReuse:false >&2
# Each agent holds a few files and connections.
ulimit -n "$(ulimit -Hn)"
exec dotnet "$repository/tests/Hollow/bin/Release/net10.0/Hollow.dll" "$@"
