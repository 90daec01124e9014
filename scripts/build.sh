#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds cluster, cluster-manager and cluster-agent as users get them, each one file that needs no runtime, into out/bin.
# usage: scripts/build.sh [--version VERSION] [--arch x64|arm64] [FOLDER]
#   --version VERSION   what `cluster --version` says (default: that of Directory.Build.props)
#   --arch ARCH         for which processor (default: this machine's)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target=out/bin options=()
while (($# > 0)); do
    case $1 in
        --version) options+=("-p:Version=${2:?--version needs a version}"); shift 2 ;;
        --arch) options+=(-r "linux-${2:?--arch needs x64 or arm64}"); shift 2 ;;
        -h | --help) sed -n '3,6s/^# //p' "${BASH_SOURCE[0]}"; exit 0 ;;
        -*) echo "error: $1 is not known; see: scripts/build.sh --help" >&2; exit 2 ;;
        *) target=$1; shift ;;
    esac
done

mkdir -p "$(dirname "$target")"
fresh=$(mktemp -d "$target.XXXXXX")
trap 'rm -rf "$fresh"' EXIT

for project in Cli Agent Manager; do
    dotnet publish "src/$project/$project.csproj" -c Release -o "$fresh" -v quiet -nologo -m:2 -nodeReuse:false "${options[@]}"
done
rm -f "$fresh"/*.pdb
chmod 755 "$fresh"

# Swapped in whole: whoever starts a program meanwhile gets the old build or the new one, never a mixture.
rm -rf "$target.old"
[[ ! -d $target ]] || mv -T "$target" "$target.old"
mv -T "$fresh" "$target"
rm -rf "$target.old"
echo "built into $target"
