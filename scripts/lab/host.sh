# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# A host: namespaces held by its first process, and one control group that everything it starts stays in; its engine puts
# containers below it too, unless a container asks for another parent.

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

# is_pid_of HOST PID: alive, and of that host: a pid file that a power-off left behind may name anybody's process by now.
is_pid_of() { is_alive "${2:-}" && grep -q "/$LAB_PREFIX/$1\(/\|\$\)" "/proc/$2/cgroup" 2>/dev/null; }

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
run_on() { (become_on "$@"); }

# become_on HOST COMMAND…: the same in place of this shell, so that a signal sent to it reaches the command.
become_on() {
    local host=$1
    shift
    echo "$BASHPID" >"$(host_group "$host")/system/cgroup.procs"
    exec 9>&-
    unset DOCKER_HOST DOCKER_CONTEXT
    PATH=$LAB_BIN:$PATH CLUSTER_CONFIG=$LAB_DIR/operator/config.yaml \
        exec nsenter --target "$(init_pid "$host")" --net --uts --mount --wdns="$PWD" -- "$@"
}

# power_off HOST: first the link, or each dying process would still send the resets that a power cut never sends.
power_off() {
    local host=$1
    ! namespace_exists "$(namespace_of "$host")" || cut_link "$host"
    kill_group "$(host_group "$host")"
    kill_strays "$host"
    delete_host_network "$host"
}

# kill_group GROUP: SIGKILL to everything in it at one stroke, and to the children that left it; then waits for the end.
kill_group() {
    local group=$1 emigrants
    [[ -d $group ]] || return 0
    echo 1 >"$group/cgroup.freeze" # so that nothing is born between looking and killing
    emigrants=$(descendants_of "$(find "$group" -name cgroup.procs -exec cat {} +)")
    echo 1 >"$group/cgroup.kill"
    kill_all "$emigrants"
    wait_until 20 "the end of all processes in $group" group_is_empty "$group"
    echo 0 >"$group/cgroup.freeze"
}

group_is_empty() { grep -qx 'populated 0' "$1/cgroup.events"; }

# descendants_of PIDS: all their children and children's children, whatever control group those have moved to.
descendants_of() {
    ps -eo pid=,ppid= | awk -v roots="$1" '
        BEGIN { count = split(roots, queue); for (i in queue) known[queue[i]] = 1 }
        { children[$2] = children[$2] " " $1 }
        END {
            for (i = 1; i <= count; i++) {
                n = split(children[queue[i]], found)
                for (k = 1; k <= n; k++)
                    if (!(found[k] in known)) { known[found[k]] = 1; queue[++count] = found[k]; print found[k] }
            }
        }'
}

kill_all() {
    local pid
    for pid in $1; do
        kill -KILL "$pid" 2>/dev/null || true
    done
}

# Whatever was brought into the host's network from outside its control group, by hand for instance.
kill_strays() {
    local name
    name=$(namespace_of "$1")
    ! namespace_exists "$name" || kill_all "$(ip netns pids "$name")"
}

# remove_groups PATH: PATH and what Docker made below it, in every hierarchy, deepest first.
remove_groups() {
    local hierarchy
    for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*; do
        [[ ! -d $hierarchy/$1 ]] || find "$hierarchy/$1" -depth -type d -exec rmdir {} + 2>/dev/null || true
    done
}
