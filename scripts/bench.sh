#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs one benchmark and prints its section of docs/benchmarks.md.
# usage: scripts/bench.sh VERB [--n N] [--out FILE] [--NAME VALUE]...
#   --n N       how often is measured; each benchmark has its own default
#   --out FILE  replaces the section in that page, for instance docs/benchmarks.md
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

dotnet build "$here/tests/Benchmarks/Benchmarks.csproj" -c Release -v quiet -nologo -m:1 -nodeReuse:false >&2
exec dotnet "$here/tests/Benchmarks/bin/Release/net10.0/Benchmarks.dll" "$@"
