#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs Cluster Manager on this machine, or another version of it in place of the one that is there. Run it again at any time.
# usage: install.sh [OPTION…] [init [OPTION…] | join ADDRESS --token TOKEN [OPTION…]]     (as root)
#   --from PATH            a release (.tar.gz), an unpacked one, or a folder that scripts/build.sh made; nothing is downloaded
#   --version VERSION      downloads that release from $CLUSTER_RELEASES and checks its sum
#   --prefix DIR           where programs go (/usr/local)
#   --data-dir DIR, --docker-socket PATH, --consul-bin PATH     as 'cluster init' has them
#   --no-check             does not look first whether the machine is fit
#   --dry-run              says what would be done
#   --uninstall [--purge]  removes the programs; data and containers stay, unless --purge removes them too
# On a machine that is in a cluster, its processes are replaced one after the other; containers run on.
set -eu

say() { printf '%s\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }
step() { printf '== %s\n' "$*"; }
# do_it COMMAND…: runs it, or only says so.
do_it() { if [ "$dry" = yes ]; then printf '   would run: %s\n' "$*"; else "$@"; fi; }

from='' version='' prefix=/usr/local data=${CLUSTER_HOME:-/var/lib/cluster} socket='' consul='' check=yes dry=no action=install purge=no
units=/etc/systemd/system scratch='' then_run=''

read_options() {
    while [ $# -gt 0 ]; do
        case $1 in
            --from | --version | --prefix | --data-dir | --docker-socket | --consul-bin)
                [ $# -gt 1 ] || die "$1 needs a value; see: install.sh --help"
                set_option "$1" "$2"
                shift 2
                ;;
            --no-check) check=no; shift ;;
            --dry-run) dry=yes; shift ;;
            --uninstall) action=uninstall; shift ;;
            --purge) purge=yes; shift ;;
            init | join) then_run=$1; return 0 ;;
            *) die "$1 is not known; see: install.sh --help" ;;
        esac
    done
}

set_option() {
    case $1 in
        --from) from=$2 ;;
        --version) version=$2 ;;
        --prefix) prefix=${2%/} ;;
        --data-dir) data=${2%/} ;;
        --docker-socket) socket=$2 ;;
        --consul-bin) consul=$2 ;;
    esac
}

# The options that check, init and join share.
machine_options() {
    printf '%s\n' --data-dir "$data"
    [ -z "$socket" ] || printf '%s\n' --docker-socket "$socket"
    [ -z "$consul" ] || printf '%s\n' --consul-bin "$consul"
}

architecture() {
    case $(uname -m) in
        x86_64) echo amd64 ;;
        aarch64) echo arm64 ;;
        *) die "there are no programs for $(uname -m)" ;;
    esac
}

# find_source: sets `source_dir` to the folder that has the programs, and `unit_dir` to that of the units.
find_source() {
    here=$(cd "$(dirname "$0")" 2>/dev/null && pwd) || here=/nonexistent
    [ -z "$version" ] || download
    if [ -z "$from" ] && [ -x "$here/bin/cluster" ]; then from=$here; fi
    [ -n "$from" ] || die "what is to be installed? --from PATH, or --version VERSION"
    [ -e "$from" ] || die "--from '$from' does not exist"
    if [ -f "$from" ]; then unpack "$from"; fi
    if [ -x "$from/bin/cluster" ]; then source_dir=$from/bin; else source_dir=$from; fi
    for program in cluster cluster-agent cluster-manager; do
        [ -x "$source_dir/$program" ] || die "--from '$from' has no program $program"
    done
    for unit_dir in "$from/lib/systemd/system" "$here/packaging/systemd" "$here/lib/systemd/system"; do
        [ ! -f "$unit_dir/cluster.target" ] || return 0
    done
    unit_dir=''
}

download() {
    [ -n "${CLUSTER_RELEASES:-}" ] || die "--version needs CLUSTER_RELEASES, the address below which releases lie; or take --from FILE"
    name=cluster_${version}_linux_$(architecture).tar.gz
    step "Download of $name"
    for file in "$name" SHA256SUMS; do
        curl -fsSL --retry 3 --max-time 600 -o "$scratch/$file" "${CLUSTER_RELEASES%/}/v$version/$file" ||
            die "${CLUSTER_RELEASES%/}/v$version/$file cannot be fetched"
    done
    (cd "$scratch" && grep -F " $name" SHA256SUMS | sha256sum -c --quiet) || die "$name is not what SHA256SUMS says: nothing was changed"
    from=$scratch/$name
}

unpack() {
    mkdir -p "$scratch/release"
    tar -xzf "$1" -C "$scratch/release" --strip-components=1 || die "'$1' is no release (.tar.gz)"
    from=$scratch/release
}

check_machine() {
    [ "$check" = yes ] || return 0
    step "Is this machine fit?"
    # shellcheck disable=SC2046 # one word a line, and none has blanks worth keeping
    (IFS='
'; "$source_dir/cluster" host check $(machine_options)) || die "mend that first, or take --no-check; nothing was changed"
}

# put SOURCE TARGET MODE: in one stroke, so that a program that runs keeps its file.
put() {
    do_it mkdir -p "$(dirname "$2")"
    do_it install -m "$3" "$1" "$2.new"
    do_it mv -f "$2.new" "$2"
    printf '%s\n' "$2" >>"$scratch/manifest"
}

install_programs() {
    step "Programs to $prefix/bin: $("$source_dir/cluster" --version)"
    for program in cluster-manager cluster-agent cluster; do put "$source_dir/$program" "$prefix/bin/$program" 755; done
    step "Completion and manual pages to $prefix/share"
    mkdir -p "$scratch/share"
    for shell in bash zsh fish; do "$source_dir/cluster" completion $shell >"$scratch/share/$shell"; done
    put "$scratch/share/bash" "$prefix/share/bash-completion/completions/cluster" 644
    put "$scratch/share/zsh" "$prefix/share/zsh/site-functions/_cluster" 644
    put "$scratch/share/fish" "$prefix/share/fish/vendor_completions.d/cluster.fish" 644
    "$source_dir/cluster" man "$scratch/man" >/dev/null
    for page in "$scratch"/man/man*/*; do put "$page" "$prefix/share/man/${page#"$scratch/man/"}" 644; done
}

install_units() {
    if [ ! -d /run/systemd/system ]; then
        step "No systemd here: 'cluster host start' keeps the processes running; have it called at boot"
        return 0
    fi
    [ -n "$unit_dir" ] || die "the release has no units"
    step "Units to $units"
    mkdir -p "$scratch/units"
    for unit in "$unit_dir"/cluster*; do
        name=$(basename "$unit")
        sed -e "s#/usr/bin/#$prefix/bin/#g" -e "s#/var/lib/cluster#$data#g" "$unit" >"$scratch/units/$name"
        # systemd makes folders below /var/lib only.
        [ "$data" = /var/lib/cluster ] || sed -i '/^StateDirectory/d' "$scratch/units/$name"
        put "$scratch/units/$name" "$units/$name" 644
    done
    do_it systemctl daemon-reload
}

finish() {
    put "$scratch/manifest" "$prefix/share/cluster/manifest" 644
    if [ -f "$data/node.json" ]; then
        step "This machine is in a cluster: its processes are replaced one by one"
        do_it "$prefix/bin/cluster" host upgrade --data-dir "$data"
    elif [ -z "$then_run" ]; then
        say "Next, on the first machine:  $prefix/bin/cluster init"
        say "and on every other one:      $prefix/bin/cluster join ADDRESS --token TOKEN"
    fi
}

# Only what the manifest of an installation lists is removed.
uninstall() {
    manifest=$prefix/share/cluster/manifest
    cluster=$prefix/bin/cluster
    if [ -f "$data/node.json" ] && [ -x "$cluster" ]; then
        step "Stopping this machine's processes"
        do_it "$cluster" host stop --data-dir "$data" || say "they did not all stop; see: $cluster host status"
    fi
    [ "$purge" = no ] || purge_data
    step "Removing the programs"
    if [ -d /run/systemd/system ] && [ -f "$units/cluster.target" ]; then
        do_it systemctl disable --quiet cluster.target cluster-consul cluster-manager cluster-agent || true
    fi
    if [ -f "$manifest" ]; then
        while read -r file; do do_it rm -f "$file"; done <"$manifest"
        do_it rm -f "$manifest"
        do_it rmdir "$prefix/share/cluster" 2>/dev/null || true
    else
        say "nothing was installed below $prefix"
    fi
    [ ! -d /run/systemd/system ] || do_it systemctl daemon-reload
    [ "$purge" = yes ] || [ ! -d "$data" ] || say "$data and the containers stay; --uninstall --purge removes them too"
}

# Containers of this very cluster, what the agent added to the network, and the data.
purge_data() {
    step "Removing this machine's containers of the cluster, and $data"
    id=$(json_value clusterId) engine=${socket:-$(json_value dockerSocket)}
    if [ -n "$id" ] && command -v docker >/dev/null; then
        containers=$(docker -H "unix://$engine" ps -aq --filter "label=cluster.id=$id") || die "Docker Engine does not answer at $engine"
        # shellcheck disable=SC2086 # one id a word
        [ -z "$containers" ] || do_it docker -H "unix://$engine" rm -f $containers >/dev/null
        do_it docker -H "unix://$engine" network rm cm-default >/dev/null 2>&1 || true
    fi
    do_it ip address delete 169.254.20.10/32 dev lo 2>/dev/null || true
    do_it nft delete table ip cluster_manager 2>/dev/null || true
    case $data in / | /usr | /var | /var/lib | /home | /root | /etc) die "--data-dir '$data' is not removed" ;; esac
    do_it rm -rf "$data"
}

json_value() { sed -n "s/.*\"$1\" *: *\"\\([^\"]*\\)\".*/\\1/p" "$data/node.json" 2>/dev/null | head -n 1; }

case ${1:-} in -h | --help) sed -n '3,13s/^# \{0,1\}//p' "$0"; exit 0 ;; esac
read_options "$@"
[ "$(id -u)" -eq 0 ] || die "this needs root: run it with sudo"
while [ $# -gt 0 ] && [ "$1" != init ] && [ "$1" != join ]; do shift; done
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if [ "$action" = uninstall ]; then uninstall; exit 0; fi
find_source
check_machine
install_programs
install_units
finish
[ -n "$then_run" ] || exit 0
step "cluster $then_run"
# shellcheck disable=SC2046 # as above
IFS='
'
do_it "$prefix/bin/cluster" "$@" $(machine_options)
