#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Holds the lab to what its help says, without the cluster's programs; ends with 1 at the first untruth.
# usage: scripts/lab/selftest.sh   (as root; uses names and addresses of its own)
set -euo pipefail
shopt -s inherit_errexit

scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$scripts/lib/common.sh"
source "$scripts/lib/images.sh"

export CLUSTER_LAB_DIR=${CLUSTER_LAB_DIR:-/var/tmp/cluster-lab-selftest}
export CLUSTER_LAB_PREFIX=${CLUSTER_LAB_PREFIX:-cmself} CLUSTER_LAB_NET=${CLUSTER_LAB_NET:-10.78.0}

lab() { "$scripts/lab.sh" "$@"; }
on() { lab exec "$@"; }
addr() { lab addr "$1"; }

# check WHAT COMMAND…: the command must succeed.
checked=0
check() {
    local what=$1 output
    shift
    if ! output=$("$@" 2>&1); then
        printf 'UNTRUE: %s\n  %s\n%s\n' "$what" "$*" "$output" >&2
        exit 1
    fi
    checked=$((checked + 1))
    printf 'ok  %s\n' "$what"
}

fails() { ! "$@" >/dev/null 2>&1; }
equals() { [[ $1 == "$2" ]] || { echo "'$1' is not '$2'"; return 1; }; }
matches() { [[ $1 =~ $2 ]] || { echo "'$1' does not match '$2'"; return 1; }; }
# within SECONDS COMMAND…: it ends in time; its exit code does not matter.
within() { timeout "$1" "${@:2}" >/dev/null 2>&1 || (($? != 124)); }
get() { curl -fsS --max-time 4 "$@"; }
status_of() { curl -sS --max-time 4 -o /dev/null -w '%{http_code}' "$1"; }

# launch HOST NAME TAG [OPTION…]: pulled first, or `run` would tell all about its pull.
launch() {
    on "$1" docker pull -q "registry.lab:5000/web:$3" >/dev/null
    on "$1" docker run -d --name "$2" "${@:4}" "registry.lab:5000/web:$3" >/dev/null
}

# run_web HOST NAME TAG [OPTION…]: published on port 80 of the host.
run_web() {
    launch "$1" "$2" "$3" -p 80:8080 "${@:4}"
    retry_until 5 answers "http://$(addr "$1")/"
}
answers() { get -o /dev/null "$1" 2>/dev/null; }
remove_web() { on "$1" docker rm -f "$2" >/dev/null; }
exit_code_of() { on "$1" docker wait "$2"; }
health_is() { [[ $(on "$1" docker inspect -f '{{.State.Health.Status}}' "$2") == "$3" ]]; }
log_has() { on "$1" docker logs "$2" 2>&1 | grep -q "$3"; }

source "$scripts/lab/selftest-web.sh"

test_hosts() {
    local host digests
    for host in h1 h2 h3; do
        check "$host has its own name" equals "$(on "$host" hostname)" "$host"
        check "$host pulls from the registry" on "$host" docker pull -q registry.lab:5000/web:1
        check "$host reaches h1 to h3 by name" on "$host" getent hosts h1 h2 h3
        check "a container on $host serves" run_web "$host" web 1 -e CLUSTER_SLOT=7
        check "its answer names version and slot" matches "$(get "http://$(addr "$host")/")" '"version":"1".*"slot":"7"'
    done
    digests=$(for host in h1 h2 h3; do on "$host" docker inspect -f '{{index .RepoDigests 0}}' registry.lab:5000/web:1; done | sort -u)
    check "all hosts see the same digest" matches "$digests" '^registry.lab:5000/web@sha256:[0-9a-f]{64}$'
    check "h1 reaches the container on h2" on h1 curl -fsS --max-time 2 "http://$(addr h2)/"
    check "h2 has a newer engine than h1" fails equals "$(engine_version h1)" "$(engine_version h2)"
    check "exec passes the exit code on" equals "$(on h1 sh -c 'exit 7' || echo $?)" 7
}

engine_version() { on "$1" docker version -f '{{.Server.Version}}'; }

test_names() {
    local host
    for host in h1 h2; do
        check "$host: an unknown name fails at once" within 1 lab exec "$host" getent hosts nowhere.example
        check "$host: … it fails" fails on "$host" getent hosts nowhere.example
        check "$host: a pull from an unknown registry fails at once" within 2 lab exec "$host" docker pull nowhere.example/web:1
        check "$host: an unknown tag is reported" \
            matches "$(on "$host" docker pull registry.lab:5000/web:none 2>&1 || true)" 'manifest unknown'
    done
}

test_link() {
    check "cut" lab cut h3
    check "a cut host is not reached" fails on h1 curl --max-time 1 "http://$(addr h3)/"
    check "its processes run on" on h3 docker exec web /web --health
    check "status says so" matches "$(lab status)" 'h3 .* on +cut'
    check "names still fail at once there" within 1 lab exec h3 getent hosts nowhere.example
    check "heal" lab heal h3
    check "a healed host is reached" retry_until 5 answers "http://$(addr h3)/"
}

test_power() {
    local mac connection
    mac=$(mac_of h2)
    exec {connection}<>"/dev/tcp/$(addr h2)/80"
    check "kill" lab kill h2
    check "the peer of a killed host sees neither end nor reset" hears_nothing "$connection"
    exec {connection}>&-
    check "no process of it is left" fails pids_of_group "$CLUSTER_LAB_PREFIX/h2"
    check "its engine has no pid" fails lab pid h2 engine
    check "exec on it is refused" fails on h2 true
    check "it is not reached" fails curl --max-time 1 "http://$(addr h2)/"
    check "start" lab start h2
    check "it has its old MAC address" equals "$(mac_of h2)" "$mac"
    check "its container is still there, ended" equals "$(on h2 docker inspect -f '{{.State.Running}}' web)" false
    check "and runs again" on h2 docker start web
    check "and serves" retry_until 5 answers "http://$(addr h2)/"
    check "kill again" lab kill h2
    check "start with empty disks" lab start h2 --wipe
    check "nothing is on it" equals "$(on h2 docker images -q; on h2 docker ps -aq)" ''
    check "--wipe of a running host is refused" fails lab start h2 --wipe
}

mac_of() { on "$1" nsenter --net="/proc/$(lab pid "$1" engine)/ns/net" ip -br link show eth0 | awk '{print $3}'; }
hears_nothing() { local byte; if read -r -t 1 -n 1 byte <&"$1"; then return 1; else (($? > 128)); fi; }
pids_of_group() { find /sys/fs/cgroup -path "*/$1/*" -name cgroup.procs -exec cat {} + | grep .; }

test_engine() {
    local pid
    check "stop engine" lab stop h1 engine
    check "it has no pid" fails lab pid h1 engine
    check "start engine" lab start h1 engine
    check "its containers are still there" on h1 docker inspect web
    pid=$(lab pid h1 engine)
    check "an engine can be killed by its pid" kill -KILL "$pid"
    check "it is gone" retry_until 5 fails lab pid h1 engine
    check "start h1 brings it back" lab start h1
    check "it answers" on h1 docker ps
    check "the demo image is imported without a registry" build_demo_image "$CLUSTER_LAB_DIR/h1/docker.sock"
    check "and runs" on h1 docker run -d --name demo -p 81:8080 cluster-demo:1
    check "and serves" retry_until 5 answers "http://$(addr h1):81/"
}

test_neighbour() {
    local other=(env "CLUSTER_LAB_DIR=$CLUSTER_LAB_DIR-2" CLUSTER_LAB_PREFIX=cmself2 CLUSTER_LAB_NET=10.78.1 "$scripts/lab.sh")
    check "a second lab stands beside the first" "${other[@]}" up 1 --no-cluster
    check "the machine reaches the second one's registry" answers http://10.78.1.2:5000/v2/
    check "a host of the first does not" fails on h1 curl --max-time 1 http://10.78.1.2:5000/v2/
    check "its down" "${other[@]}" down
    check "the first still stands" on h1 docker ps
}

no_namespace_is_left() { ! ip netns list | grep "^$CLUSTER_LAB_PREFIX-"; }

test_down() {
    check "down" lab down
    check "down again" lab down
    check "no namespace is left" no_namespace_is_left
    check "no file is left" test ! -e "$CLUSTER_LAB_DIR"
    check "no process is left" fails pids_of_group "$CLUSTER_LAB_PREFIX"
    local delay
    for delay in 0.1 0.3 0.6; do
        fails timeout -s KILL "$delay" "$scripts/lab.sh" up 2 --no-cluster || true
        check "down after an up that was killed after $delay s" lab down
        check "… leaves no file" test ! -e "$CLUSTER_LAB_DIR"
        check "… and no namespace" no_namespace_is_left
    done
}

main() {
    need_root
    lab down
    trap 'lab down' EXIT
    local started=${EPOCHREALTIME//[.,]/}
    check "up" lab up 3 --no-cluster --engine-new h2
    printf '    in %d ms\n' $(((${EPOCHREALTIME//[.,]/} - started) / 1000))
    check "a second up is refused" fails lab up 1 --no-cluster
    test_hosts
    test_names
    test_web
    test_link
    test_power
    test_engine
    test_neighbour
    test_down
    echo "all $checked checks hold"
}

main
