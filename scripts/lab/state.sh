# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What a lab is: its folder, its names, its addresses. Everything `down` removes can be derived from lab.env.

LAB_DIR=${CLUSTER_LAB_DIR:-/var/lib/cluster-lab}
LAB_HOSTS_MAX=200

# Settings of the running lab; written by `up`, read by every other verb.
LAB_KEYS=(LAB_PREFIX LAB_NET LAB_HOSTS LAB_MANAGERS LAB_SERVERS LAB_BIN LAB_ENGINE_NEW LAB_ENGINE_NEW_BIN LAB_PROGRAMS)

save_lab() {
    mkdir -p "$LAB_DIR"
    local key
    for key in "${LAB_KEYS[@]}"; do
        printf '%s=%q\n' "$key" "${!key}"
    done >"$LAB_DIR/lab.env.new"
    mv "$LAB_DIR/lab.env.new" "$LAB_DIR/lab.env"
}

# load_lab: 1 when there is none.
load_lab() {
    [[ -f $LAB_DIR/lab.env ]] || return 1
    # shellcheck disable=SC1091
    source "$LAB_DIR/lab.env"
}

need_lab() { load_lab || die "no lab is up in $LAB_DIR; start one with: scripts/lab.sh up 3"; }

# need_host HOST: a name of this lab.
need_host() {
    if [[ ! ${1:-} =~ ^h([1-9][0-9]*)$ ]] || ((BASH_REMATCH[1] > LAB_HOSTS)); then
        die "'${1:-}' is no host of this lab; it has h1 to h$LAB_HOSTS"
    fi
}

all_hosts() { seq -f 'h%.0f' 1 "$LAB_HOSTS"; }
index_of() { printf '%s\n' "${1#h}"; }
host_dir() { printf '%s\n' "$LAB_DIR/$1"; }
data_dir() { printf '%s\n' "$LAB_DIR/$1/cluster"; }
namespace_of() { printf '%s\n' "$LAB_PREFIX-$1"; }

address_of() { printf '%s\n' "$LAB_NET.$((10 + ${1#h}))"; }
hub_address() { printf '%s\n' "$LAB_NET.1"; }
registry_address() { printf '%s\n' "$LAB_NET.2"; }
operator_address() { printf '%s\n' "$LAB_NET.254"; }

is_manager() { ((${1#h} <= LAB_MANAGERS)); }
is_server() { ((${1#h} <= LAB_SERVERS)); }
