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

# The command is short-lived: compiled ahead it starts sooner. That takes a compiler package; without it (offline, another
# platform) the command is the same and only slower.
ahead=(-r "linux-$(uname -m | sed 's/x86_64/x64/; s/aarch64/arm64/')" --self-contained false -p:PublishReadyToRun=true)
publish() {
    dotnet publish "$1" -c Release -o "$fresh" -v quiet -nologo -m:1 -nodeReuse:false "${@:2}"
}

publish src/Manager/Manager.csproj
publish src/Agent/Agent.csproj
# Last: the libraries that all three share stay compiled ahead.
if dotnet restore src/Cli/Cli.csproj "${ahead[@]:0:2}" -p:PublishReadyToRun=true -v quiet -nologo >/dev/null 2>&1; then
    publish src/Cli/Cli.csproj "${ahead[@]}"
else
    echo "no compiler for ReadyToRun here: 'cluster' is built without" >&2
    publish src/Cli/Cli.csproj
fi
chmod 755 "$fresh"

# Swapped in whole: whoever starts a program meanwhile gets the old build or the new one, never a mixture.
rm -rf "$target.old"
[[ ! -d $target ]] || mv -T "$target" "$target.old"
mv -T "$fresh" "$target"
rm -rf "$target.old"
echo "built into $target"
