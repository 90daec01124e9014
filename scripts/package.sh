#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes a release of built programs: cluster_VERSION_linux_ARCH.tar.gz (with install.sh), cluster_VERSION_ARCH.deb and SHA256SUMS.
# usage: scripts/package.sh [--bin FOLDER] [OUTPUT]
#   --bin FOLDER   the programs, as scripts/build.sh makes them (default: out/bin, built when missing)
#   OUTPUT         a folder (default: out/packages)
# Nothing but dpkg-deb, tar and gzip is needed. The same programs give the same bytes.
set -euo pipefail
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
packaging=$repository/scripts/packaging

bin=$repository/out/bin output=$repository/out/packages
while (($# > 0)); do
    case $1 in
        --bin) bin=$(realpath -e "${2:?--bin needs a folder}"); shift 2 ;;
        -h | --help) sed -n '3,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
        -*) echo "error: $1 is not known; see: scripts/package.sh --help" >&2; exit 2 ;;
        *) output=$(realpath -m "$1"); shift ;;
    esac
done
[[ -x $bin/cluster ]] || "$repository/scripts/build.sh" "$bin"

version=$("$bin/cluster" --version | cut -d' ' -f2)
case $(od -An -t x1 -j 18 -N 1 "$bin/cluster" | tr -d ' ') in # e_machine of the ELF header
    3e) arch=amd64 ;;
    b7) arch=arm64 ;;
    *) echo "error: $bin/cluster is for no processor that is known here" >&2; exit 1 ;;
esac
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(stat -c %Y "$bin/cluster")}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What both packages have, below a prefix.
fill() {
    local root=$1
    install -D -m 755 -t "$root/bin" "$bin/cluster" "$bin/cluster-agent" "$bin/cluster-manager"
    install -D -m 644 -t "$root/lib/systemd/system" "$packaging"/systemd/*
    install -D -m 644 "$repository/CHANGELOG.md" "$root/share/doc/cluster/changelog"
    install -D -m 644 "$repository/LICENSE" "$root/share/doc/cluster/LICENSE"
}

make_archive() {
    local name=cluster_${version}_linux_$arch
    fill "$work/$name"
    install -m 755 "$repository/scripts/install.sh" "$work/$name/install.sh"
    tar -C "$work" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -c "$name" |
        gzip -n -6 >"$output/$name.tar.gz"
}

make_deb() {
    local root=$work/deb usr=$work/deb/usr
    fill "$usr"
    "$bin/cluster" completion bash | install -D -m 644 /dev/stdin "$usr/share/bash-completion/completions/cluster"
    "$bin/cluster" completion zsh | install -D -m 644 /dev/stdin "$usr/share/zsh/vendor-completions/_cluster"
    "$bin/cluster" completion fish | install -D -m 644 /dev/stdin "$usr/share/fish/vendor_completions.d/cluster.fish"
    "$bin/cluster" man "$usr/share/man" >/dev/null
    find "$usr/share/man" -type f -exec gzip -n -9 {} +
    gzip -n -9 "$usr/share/doc/cluster/changelog"
    mv "$usr/share/doc/cluster/LICENSE" "$usr/share/doc/cluster/copyright"
    mkdir -p "$root/DEBIAN"
    sed -e "s/@VERSION@/$version/" -e "s/@ARCH@/$arch/" -e "s/@SIZE@/$(du -sk "$usr" | cut -f1)/" "$packaging/deb/control" \
        >"$root/DEBIAN/control"
    install -m 755 -t "$root/DEBIAN" "$packaging/deb/postinst" "$packaging/deb/prerm" "$packaging/deb/postrm"
    (cd "$root" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum >DEBIAN/md5sums)
    dpkg-deb --root-owner-group -Zgzip -z6 --build "$root" "$output/cluster_${version}_$arch.deb" >/dev/null
}

mkdir -p "$output"
rm -f "$output"/cluster_* "$output/SHA256SUMS"
make_archive
make_deb
(cd "$output" && sha256sum cluster_* >SHA256SUMS)
ls -l "$output"
