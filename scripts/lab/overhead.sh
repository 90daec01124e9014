#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a node costs besides its containers: resident memory and processor time of our processes, and of an engine in swarm mode, with
# the same number of containers, as a table. It brings labs up and down; nothing else should run on the machine meanwhile.
# usage: scripts/lab/overhead.sh [--containers N] [--seconds S] [--bin FOLDER]     (as root)
#   --containers N   on the measured node (50)
#   --seconds S      how long it is left alone before and while it is measured (60)
set -euo pipefail
shopt -s inherit_errexit

lab=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/lab.sh
containers=50 seconds=60 bin=()
while (($# > 0)); do
    case $1 in
        --containers) containers=${2:?--containers needs a number}; shift 2 ;;
        --seconds) seconds=${2:?--seconds needs a number}; shift 2 ;;
        --bin) bin=(--bin "${2:?--bin needs a folder}"); shift 2 ;;
        *) sed -n '3,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
    esac
done
export CLUSTER_LAB_DIR=${CLUSTER_LAB_DIR:-/var/lib/cluster-lab}
trap '"$lab" down >&2' EXIT

on() { "$lab" exec "$@" >&2; }
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
field() { awk -v name="$2:" '$1 == name { printf "%.1f", $2 / 1024 }' "/proc/$1/$3"; }

# row WHAT PID TICKS_BEFORE: one line of the table.
row() {
    local used=$(($(ticks "$2") - $3))
    printf '| %s | %s | %s | %s |\n' "$1" "$(field "$2" VmRSS status)" "$(field "$2" Pss smaps_rollup)" \
        "$(awk -v t="$used" -v s="$seconds" -v hz="$(getconf CLK_TCK)" 'BEGIN { printf "%.1f", 100 * t / hz / s }')"
}

# measure HOST ROLE…: after a rest, over a while.
measure() {
    local host=$1 role pid before=()
    shift
    sleep "$seconds"
    for role in "$@"; do before+=("$(ticks "$("$lab" pid "$host" "$role")")"); done
    sleep "$seconds"
    for role in "$@"; do
        pid=$("$lab" pid "$host" "$role")
        row "$role" "$pid" "${before[0]}"
        before=("${before[@]:1}")
    done
}

ours() {
    "$lab" up 2 "${bin[@]}" >&2
    # Programs of its own, as on a machine of its own: memory that two processes share is not given back.
    cp -a "$CLUSTER_LAB_DIR/bin" "$CLUSTER_LAB_DIR/bin-h2"
    on h2 "$CLUSTER_LAB_DIR/bin-h2/cluster" host upgrade --data-dir "$CLUSTER_LAB_DIR/h2/cluster"
    on h1 cluster run --name many --replicas "$containers" --constraint node.hostname==h2 -p 8080 registry.lab:5000/web:1-hc
    echo "| a node of this cluster with $containers containers | resident, MB | proportional, MB | processor, % of one |"
    echo '|---|---|---|---|'
    measure h2 agent consul supervisor engine
    "$lab" down >&2
}

swarm() {
    "$lab" up 2 --no-cluster >&2
    on h1 docker swarm init --advertise-addr "$("$lab" addr h1)"
    on h2 docker swarm join --token "$("$lab" exec h1 docker swarm join-token -q worker)" "$("$lab" addr h1):2377"
    on h1 docker service create --detach=false --quiet --name many --replicas "$containers" --endpoint-mode dnsrr \
        --constraint node.hostname==h2 registry.lab:5000/web:1-hc
    printf '\n| a worker in swarm mode with %s containers | resident, MB | proportional, MB | processor, %% of one |\n' "$containers"
    echo '|---|---|---|---|'
    measure h2 engine
    "$lab" down >&2
}

plain() {
    "$lab" up 1 --no-cluster >&2
    # shellcheck disable=SC2016 # the host's shell expands it
    on h1 sh -c 'for i in $(seq "$1"); do docker run -d registry.lab:5000/web:1-hc; done' sh "$containers"
    printf '\n| an engine alone with %s containers | resident, MB | proportional, MB | processor, %% of one |\n' "$containers"
    echo '|---|---|---|---|'
    measure h1 engine
}

ours
swarm
plain
