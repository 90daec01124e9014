#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Replays one seed of the simulation with its story, sweeps many seeds, or tries the mutants (docs/simulation.md).
# usage: scripts/simulate.sh SEED [--minutes M]
#        scripts/simulate.sh --seeds N [--from S] [--jobs J] [--minutes M] [--check]
#        scripts/simulate.sh --mutants [--only NAME] [--seeds N] [--jobs J]
#   --minutes M  how long things go wrong (default 5 virtual minutes)
#   --check      runs each seed twice and compares
#   --mutants    builds the program with deliberate faults and sweeps each until it is found (at most N seeds, default 400)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

if (($# == 0)); then
    sed -n '4,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 2
fi

variant='' properties=()
for argument in "$@"; do
    [[ $argument != --mutants ]] || { variant=mutants/ properties=(-p:Mutants=true); }
done

dotnet build "$here/tests/Simulation/Simulation.csproj" -c Release -v quiet -nologo -m:1 -nodeReuse:false "${properties[@]}" >&2
exec dotnet "$here/tests/Simulation/bin/${variant}Release/net10.0/Simulation.dll" "$@"
