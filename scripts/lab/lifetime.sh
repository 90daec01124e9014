# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The life of a whole lab: `up` and `down`.

verb_up() {
    read_up_options "$@"
    ! lab_exists || die "a lab is already up in $LAB_DIR; remove it with: scripts/lab.sh down"
    check_names_are_free
    save_lab
    install_tools
    save_lab # the engine's folder is known now
    create_hub
    local registry hosts
    start_lab_registry &
    registry=$!
    mapfile -t hosts < <(all_hosts)
    for_each_host_at_once "starting" boot_with_engine "${hosts[@]}"
    wait "$registry" || die "the registry does not start; see $LAB_DIR/registry/registry.log"
    [[ $LAB_PROGRAMS == no ]] || start_all_programs
    say "$LAB_HOSTS hosts are up: $(address_of h1) to $(address_of "h$LAB_HOSTS"), registry.lab:5000"
}

# Unlike load_lab it leaves the settings just given as they are.
lab_exists() { [[ -f $LAB_DIR/lab.env ]]; }

read_up_options() {
    LAB_PREFIX=${CLUSTER_LAB_PREFIX:-cml} LAB_NET=${CLUSTER_LAB_NET:-10.77.0}
    LAB_HOSTS='' LAB_MANAGERS=1 LAB_SERVERS='' LAB_BIN=$LAB_REPOSITORY/out/bin
    LAB_ENGINE_NEW='' LAB_ENGINE_NEW_BIN='' LAB_PROGRAMS=yes
    while (($# > 0)); do
        case $1 in
            --managers) LAB_MANAGERS=${2:-}; shift 2 || die "--managers needs a number" ;;
            --servers) LAB_SERVERS=${2:-}; shift 2 || die "--servers needs a number" ;;
            --bin) LAB_BIN=$(realpath -e "${2:-}") || die "--bin needs a folder"; shift 2 ;;
            --engine-new) LAB_ENGINE_NEW+=" ${2:-}"; shift 2 || die "--engine-new needs a host" ;;
            --no-cluster) LAB_PROGRAMS=no; shift ;;
            -*) die "up does not know $1; see: scripts/lab.sh --help" ;;
            *) [[ -z $LAB_HOSTS ]] || die "up takes one number of hosts"; LAB_HOSTS=$1; shift ;;
        esac
    done
    [[ -n $LAB_SERVERS ]] || LAB_SERVERS=$((LAB_MANAGERS < 3 ? 1 : LAB_MANAGERS))
    check_up_options
}

check_up_options() {
    local number host
    for number in "$LAB_HOSTS" "$LAB_MANAGERS" "$LAB_SERVERS"; do
        [[ $number =~ ^[1-9][0-9]*$ ]] || die "up needs a number of hosts, for instance: scripts/lab.sh up 3 --managers 3"
    done
    ((LAB_HOSTS <= LAB_HOSTS_MAX)) || die "at most $LAB_HOSTS_MAX hosts fit into one lab"
    ((LAB_MANAGERS <= LAB_HOSTS && LAB_SERVERS <= LAB_HOSTS)) || die "there are more managers or servers than hosts"
    [[ $LAB_PREFIX =~ ^[a-z][a-z0-9]{0,7}$ ]] || die "CLUSTER_LAB_PREFIX must be at most 8 small letters and digits"
    [[ $LAB_NET =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || die "CLUSTER_LAB_NET must be the first three numbers of a /24, like 10.77.0"
    ((${#LAB_DIR} <= 80)) || die "CLUSTER_LAB_DIR is too long: sockets below it would not open"
    for host in $LAB_ENGINE_NEW; do
        need_host "$host"
    done
}

check_names_are_free() {
    need_cgroups
    if namespace_exists "$(namespace_of hub)" || [[ -e $(unified_cgroups)/$LAB_PREFIX ]]; then
        die "another lab uses the names $LAB_PREFIX-…; set CLUSTER_LAB_PREFIX, CLUSTER_LAB_NET and CLUSTER_LAB_DIR"
    fi
    [[ -z $(ip -4 -o addr show to "$LAB_NET.0/24") ]] ||
        die "this machine already has an address in $LAB_NET.0/24; set CLUSTER_LAB_NET"
}

install_tools() {
    apt_install iproute2 util-linux procps curl nftables
    install_engines
    install_registry
    web_layer >/dev/null
    [[ $LAB_PROGRAMS == no ]] || install_programs
}

boot_with_engine() {
    boot_host "$1"
    start_host_engine "$1"
}

# for_each_host_at_once DOING FUNCTION HOST…: in parallel; waits for all, then fails when one failed.
for_each_host_at_once() {
    local doing=$1 function=$2 host failed=() pids=()
    shift 2
    for host in "$@"; do
        "$function" "$host" &
        pids+=($!)
    done
    for host in "$@"; do
        wait "${pids[0]}" || failed+=("$host")
        pids=("${pids[@]:1}")
    done
    ((${#failed[@]} == 0)) || die "$doing failed on ${failed[*]}; clean up with: scripts/lab.sh down"
}

verb_down() {
    load_lab || { say "no lab is up in $LAB_DIR"; return 0; }
    kill_group "$(unified_cgroups)/$LAB_PREFIX"
    local host
    for host in $(all_hosts); do
        kill_strays "$host"
    done
    delete_all_networks
    retry_until 10 groups_are_removed || true
    find "$LAB_DIR" -mindepth 1 -maxdepth 1 ! -name lab.env -exec rm -rf {} +
    local left
    left=$(leftovers)
    [[ -z $left ]] || die "down left these behind: $left"
    rm -rf "$LAB_DIR"
    say "the lab is gone"
}

groups_are_removed() {
    remove_groups "$LAB_PREFIX"
    [[ ! $(ls -d /sys/fs/cgroup/"$LAB_PREFIX" /sys/fs/cgroup/*/"$LAB_PREFIX" 2>/dev/null) ]]
}

# One word for each thing of this lab that still exists.
leftovers() {
    ip netns list | grep -oE "^$LAB_PREFIX-(hub|h[0-9]+)\b" || true
    ls -d /sys/fs/cgroup/"$LAB_PREFIX" /sys/fs/cgroup/*/"$LAB_PREFIX" 2>/dev/null || true
    [[ ! -e /sys/class/net/$(operator_link) ]] || operator_link
    awk -v dir="$LAB_DIR/" 'index($5, dir) == 1 { print $5 }' /proc/self/mountinfo
}
