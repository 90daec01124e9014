# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# A host: namespaces held by its first process, and one control group that everything it ever starts stays in, containers
# included. (Docker moves containers in the version 1 hierarchies only, or below the given parent; never out of this group.)

# Where the version 2 hierarchy is mounted: alone, or beside version 1.
unified_cgroups() {
    if [[ -e /sys/fs/cgroup/cgroup.procs ]]; then echo /sys/fs/cgroup; else echo /sys/fs/cgroup/unified; fi
}

host_group() { printf '%s\n' "$(unified_cgroups)/$LAB_PREFIX/$1"; }

need_cgroups() {
    [[ -e $(unified_cgroups)/cgroup.procs ]] || die "a lab needs control groups of version 2 (a hybrid mount will do)"
}

# boot_host HOST: network, namespaces, resolver files; nothing runs on it yet.
boot_host() {
    local host=$1 dir
    dir=$(host_dir "$host")
    mkdir -p "$dir/log" "$(host_group "$host")/system"
    create_host_network "$host"
    write_names "$host"
    rm -f "$dir/booted"
    spawn_in_group "$host" "$dir/log/init.log" nsenter --net="/run/netns/$(namespace_of "$host")" \
        unshare --uts --mount --propagation private "$LAB_SCRIPTS/lab/host-init.sh" "$host" "$dir"
    echo "$SPAWNED" >"$dir/init.pid"
    wait_until 10 "$host boots" test -e "$dir/booted"
}

write_names() {
    local host=$1 dir other
    dir=$(host_dir "$host")
    {
        echo "127.0.0.1 localhost"
        echo "$(registry_address) registry.lab"
        for other in $(all_hosts); do
            echo "$(address_of "$other") $other"
        done
    } >"$dir/hosts"
    printf 'nameserver %s\noptions timeout:1 attempts:1\n' "$NAMELESS_SERVER" >"$dir/resolv.conf"
}

init_pid() { cat "$(host_dir "$1")/init.pid" 2>/dev/null; }
is_on() { is_alive "$(init_pid "$1")"; }
need_on() { is_on "$1" || die "$1 is off; turn it on with: scripts/lab.sh start $1"; }

# spawn_in_group HOST LOG COMMAND…: starts a daemon in the host's control group; its id is left in SPAWNED.
spawn_in_group() {
    local group log=$2
    group=$(host_group "$1")/system
    shift 2
    (
        echo "$BASHPID" >"$group/cgroup.procs"
        exec 9>&- # the lab's lock must not live as long as the daemon
        exec setsid "$@"
    ) </dev/null >>"$log" 2>&1 &
    SPAWNED=$!
    disown "$SPAWNED"
}

# spawn_on HOST LOG COMMAND…: the same, inside the host's namespaces.
spawn_on() {
    local host=$1 log=$2
    shift 2
    spawn_in_group "$host" "$log" nsenter --target "$(init_pid "$host")" --net --uts --mount -- "$@"
}

# run_on HOST COMMAND…: in the foreground, in the current folder, with the operator's context.
run_on() {
    local host=$1
    shift
    (
        echo "$BASHPID" >"$(host_group "$host")/system/cgroup.procs"
        exec 9>&-
        unset DOCKER_HOST DOCKER_CONTEXT
        PATH=$LAB_BIN:$PATH CLUSTER_CONFIG=$LAB_DIR/operator/config.yaml \
            exec nsenter --target "$(init_pid "$host")" --net --uts --mount --wdns="$PWD" -- "$@"
    )
}

# power_off HOST: first the link, or each dying process would still send the resets that a power cut never sends.
power_off() {
    local host=$1
    ! namespace_exists "$(namespace_of "$host")" || cut_link "$host"
    kill_group "$(host_group "$host")"
    kill_strays "$host"
    delete_host_network "$host"
}

# kill_group GROUP: SIGKILL to everything in it at one stroke, then waits for the end.
kill_group() {
    [[ -d $1 ]] || return 0
    echo 1 >"$1/cgroup.kill"
    wait_until 20 "the end of all processes in $1" group_is_empty "$1"
}

group_is_empty() { grep -qx 'populated 0' "$1/cgroup.events"; }

# Whatever was brought into the host's network from outside its control group, by hand for instance.
kill_strays() {
    local name pid
    name=$(namespace_of "$1")
    ! namespace_exists "$name" || for pid in $(ip netns pids "$name"); do
        kill -KILL "$pid" 2>/dev/null || true
    done
}

# remove_groups PATH: PATH and what Docker made below it, in every hierarchy, deepest first.
remove_groups() {
    local hierarchy
    for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*; do
        [[ ! -d $hierarchy/$1 ]] || find "$hierarchy/$1" -depth -type d -exec rmdir {} + 2>/dev/null || true
    done
}
