#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Replays one seed of the simulation with its story, or sweeps many seeds (docs/simulation.md).
# usage: scripts/simulate.sh SEED [--minutes M]
#        scripts/simulate.sh --seeds N [--from S] [--jobs J] [--minutes M] [--check]
#   --minutes M  how long things go wrong (default 7 virtual minutes)
#   --check      runs each seed twice and compares
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

if (($# == 0)); then
    sed -n '3,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 2
fi

dotnet build "$here/tests/Simulation/Simulation.csproj" -c Release -v quiet -nologo -m:1 -nodeReuse:false >&2
exec dotnet "$here/tests/Simulation/bin/Release/net10.0/Simulation.dll" "$@"
