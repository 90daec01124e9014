# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What every script here needs: words to the user, waiting with a deadline, packages, the tools' folder.
# Sourced, never run. Reading it twice does no harm.

# Where installed tools and caches live; shared by all scripts, safe to delete.
tools_dir() { printf '%s\n' "${CLUSTER_TOOLS:-/var/cache/cluster-manager}"; }

say() { printf '%s\n' "$*" >&2; }

die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

need_root() { [[ $EUID -eq 0 ]] || die "this needs root (namespaces, Docker): run it with sudo"; }

# wait_until SECONDS WHAT COMMAND…: repeats COMMAND every 50 ms until it succeeds; ends the script with WHAT when the time is up.
wait_until() {
    local seconds=$1 what=$2
    shift 2
    retry_until "$seconds" "$@" || die "$what: not within $seconds s"
}

# retry_until SECONDS COMMAND…: the same, but returns 1 when the time is up.
retry_until() {
    local end=$((${EPOCHREALTIME//[.,]/} + $1 * 1000000))
    shift
    until "$@"; do
        ((${EPOCHREALTIME//[.,]/} < end)) || return 1
        sleep 0.05
    done
}

# is_alive PID: a process with this id exists and is no zombie.
is_alive() {
    local state
    [[ -n ${1:-} ]] && state=$(ps -o stat= -p "$1" 2>/dev/null) && [[ $state != Z* ]]
}

is_gone() { ! is_alive "$1"; }

# apt_install PACKAGE…: installs what is missing from the machine's own apt sources, without starting any service.
apt_install() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
    ((${#missing[@]} > 0)) || return 0
    command -v apt-get >/dev/null || die "these packages are needed and this is no Debian: ${missing[*]}"
    say "installing ${missing[*]}"
    local apt=(apt-get -q -y -o DPkg::Lock::Timeout=300 --no-install-recommends)
    local log
    log=$(mktemp)
    if ! DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 "${apt[@]}" install "${missing[@]}" >"$log" 2>&1; then
        # The lists may be missing or old: the second try is with fresh ones.
        apt-get -q -o DPkg::Lock::Timeout=300 update >>"$log" 2>&1 || true
        DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 "${apt[@]}" install "${missing[@]}" >>"$log" 2>&1 ||
            { tail -n 15 "$log" >&2; rm -f "$log"; die "apt could not install ${missing[*]}"; }
    fi
    rm -f "$log"
}
