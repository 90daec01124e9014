#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds cluster, cluster-manager and cluster-agent for release into out/bin, or into the folder given.
# usage: scripts/build.sh [FOLDER]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=${1:-out/bin}
mkdir -p "$(dirname "$target")"
fresh=$(mktemp -d "$target.XXXXXX")
trap 'rm -rf "$fresh"' EXIT

for project in src/Cli/Cli.csproj src/Manager/Manager.csproj src/Agent/Agent.csproj; do
    dotnet publish "$project" -c Release -o "$fresh" -v quiet -nologo -m:1 -nodeReuse:false
done
chmod 755 "$fresh"

# Swapped in whole: whoever starts a program meanwhile gets the old build or the new one, never a mixture.
rm -rf "$target.old"
[[ ! -d $target ]] || mv -T "$target" "$target.old"
mv -T "$fresh" "$target"
rm -rf "$target.old"
echo "built into $target"
