# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Undoes what quickstart.sh did, packages excepted. Every step works also when the ones before were never done.
# Sourced, never run. Needs setup.sh and what that needs.

# Names that the agent uses on a machine.
readonly CONTAINER_NETWORK=cm-default DNS_ADDRESS=169.254.20.10 NFT_TABLE=cluster_manager

take_down() {
    remove_demo
    stop_programs
    remove_containers
    step "Files and network"
    stop_own_engine
    forget_context
    ip address delete "$DNS_ADDRESS/32" dev lo 2>/dev/null || true
    nft delete table ip "$NFT_TABLE" 2>/dev/null || true
    rm -rf "$QUICK_DATA"
    [[ $(readlink /usr/local/bin/cluster) != "$QUICK_REPOSITORY/out/bin/cluster" ]] || rm -f /usr/local/bin/cluster
    echo "gone; packages and out/ stay"
}

remove_demo() {
    step "Demo"
    timeout 60 "$QUICK_REPOSITORY/out/bin/cluster" stack rm demo 2>/dev/null || echo "no demo runs, or no manager answers"
}

# By the command that users have; then, for what that did not end, by the process ids on record.
stop_programs() {
    step "Programs"
    [[ -d $QUICK_DATA/run ]] || { echo "none were started from $QUICK_DATA"; return 0; }
    timeout 60 "$QUICK_REPOSITORY/out/bin/cluster" host stop --data-dir "$QUICK_DATA" || true
    local role pid
    for role in supervisor agent manager consul; do
        pid=$(recorded_pid "$role") || continue
        kill "$pid" 2>/dev/null || continue
        retry_until 15 is_gone "$pid" || kill -KILL "$pid" 2>/dev/null || true
    done
}

# recorded_pid ROLE: of a process that runs and really is ours: process ids are used again.
recorded_pid() {
    local pid
    pid=$(cat "$QUICK_DATA/run/$1.pid" 2>/dev/null) || return 1
    is_alive "$pid" && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF "$QUICK_DATA" && printf '%s\n' "$pid"
}

# Only the containers of this very cluster, on whichever engine it used.
remove_containers() {
    step "Containers"
    local id socket containers
    id=$(sed -n 's/.*"clusterId" *: *"\([^"]*\)".*/\1/Ip' "$QUICK_DATA/node.json" 2>/dev/null | head -n 1)
    [[ -n $id ]] || { echo "no cluster is known here"; return 0; }
    for socket in "$SYSTEM_SOCKET" "$QUICK_ENGINE/docker.sock"; do
        [[ -n $(engine_answers_at "$socket") ]] || continue
        mapfile -t containers < <(docker -H "unix://$socket" ps -aq --filter "label=cluster.id=$id")
        ((${#containers[@]} == 0)) || docker -H "unix://$socket" rm -f "${containers[@]}"
        docker -H "unix://$socket" network rm "$CONTAINER_NETWORK" >/dev/null 2>&1 || true
        docker -H "unix://$socket" image rm cluster-demo:1 >/dev/null 2>&1 || true
    done
}

# The operator's file goes if it knows this cluster and no other; else it is the user's to tidy.
forget_context() {
    local file=${CLUSTER_CONFIG:-$HOME/.config/cluster/config.yaml} line
    line=$(sed -n 2p "$QUICK_DATA/node/ca.pem" 2>/dev/null)
    [[ -n $line ]] && grep -qF -- "$line" "$file" 2>/dev/null || return 0
    if (($(grep -c '^ *- name:' "$file") == 1)); then rm -f "$file"; else echo "$file still has a context of this cluster"; fi
}

stop_own_engine() {
    [[ -d $QUICK_ENGINE ]] || return 0
    stop_engine "$QUICK_ENGINE" || return 1
    rm -rf "$QUICK_ENGINE"
}
