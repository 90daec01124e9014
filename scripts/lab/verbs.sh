# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What lab.sh can be told to do with one host, or with what is there; one function per verb.

verb_kill() {
    need_lab
    need_host "${1:-}"
    power_off "$1"
}

verb_start() {
    need_lab
    need_host "${1:-}"
    local host=$1
    case ${2:-} in
        '') power_on "$host" ;;
        --wipe)
            ! is_on "$host" || die "$host is on; power it off first with: scripts/lab.sh kill $host"
            rm -rf "$(host_dir "$host")"
            power_on "$host"
            ;;
        engine) need_on "$host"; choose_engine "$host" "${@:3}"; start_host_engine "$host" ;;
        consul | manager | agent) need_on "$host"; start_program "$host" "$2" ;;
        *) die "start takes --wipe, or one of engine, consul, manager, agent; not '$2'" ;;
    esac
}

# Whatever of the host does not run is started; what runs is left alone.
power_on() {
    if ! is_on "$1"; then
        power_off "$1" # what a crashed `start` may have left
        boot_host "$1"
    fi
    start_host_engine "$1"
    [[ $LAB_PROGRAMS == no ]] || start_programs "$1"
}

verb_stop() {
    need_lab
    need_host "${1:-}"
    need_on "$1"
    case ${2:-} in
        engine) stop_host_engine "$1" ;;
        consul | manager | agent) stop_program "$1" "$2" ;;
        '') run_cluster "$1" host stop --data-dir "$(data_dir "$1")" ;;
        *) die "stop takes one of engine, consul, manager, agent; not '$2'" ;;
    esac
}

verb_cut() {
    need_lab
    need_host "${1:-}"
    need_on "$1"
    cut_link "$1"
}

verb_heal() {
    need_lab
    need_host "${1:-}"
    need_on "$1"
    heal_link "$1"
}

verb_exec() {
    need_lab
    need_host "${1:-}"
    need_on "$1"
    (($# > 1)) || die "exec needs a command, for instance: scripts/lab.sh exec h1 cluster status"
    become_on "$@"
}

verb_addr() {
    need_lab
    need_host "${1:-}"
    address_of "$1"
}

# Prints nothing and returns 1 when it does not run.
verb_pid() {
    need_lab
    need_host "${1:-}"
    local pid
    pid=$(role_pid "$1" "${2:-}") || exit
    is_pid_of "$1" "$pid" || return 1
    printf '%s\n' "$pid"
}

newest_log() { find "$1" -type f -name "$2" -printf '%T@ %p\n' 2>/dev/null | sort -n | tail -n 1 | cut -d' ' -f2-; }

role_pid() {
    case $2 in
        engine) engine_pid "$1" || true ;;
        supervisor | consul | manager | agent) program_pid "$1" "$2" ;;
        *) die "pid takes one of engine, $PROGRAM_ROLES; not '$2'" ;;
    esac
}

verb_logs() {
    need_lab
    need_host "${1:-}"
    local dir newest
    dir=$(host_dir "$1")
    case ${2:-} in
        engine) cat "$dir/log/engine.log" ;;
        cluster) cat "$dir/log/cluster.log" ;;
        supervisor | consul | manager | agent)
            newest=$(newest_log "$dir/cluster" "*$2*.log")
            [[ -n $newest ]] || newest=$(newest_log "$dir/cluster" "*$2*.out") # what a program without a log of its own printed
            [[ -n $newest ]] || die "$2 has written no log below $dir/cluster"
            cat "$newest"
            ;;
        *) die "logs takes one of engine, cluster, $PROGRAM_ROLES; not '${2:-}'" ;;
    esac
}

# The hosts are asked side by side: a hung engine takes its two seconds.
verb_status() {
    need_lab
    local host lines
    lines=$(mktemp -d)
    for host in $(all_hosts); do
        status_line "$host" >"$lines/$host" &
    done
    wait
    printf '%-5s %-15s %-5s %-5s %-10s %s\n' HOST ADDRESS POWER LINK ENGINE PROGRAMS
    for host in $(all_hosts); do cat "$lines/$host"; done
    rm -r "$lines"
}

status_line() {
    printf '%-5s %-15s %-5s %-5s %-10s %s\n' "$1" "$(address_of "$1")" \
        "$(is_on "$1" && echo on || echo off)" "$(link_state "$1")" "$(engine_state "$1")" "$(programs_state "$1")"
}

link_state() {
    local link
    link=$(ip -n "$(namespace_of hub)" -br link show "$1" 2>/dev/null) || { echo -; return 0; }
    [[ $link == *,UP* || $link == *'<UP'* ]] && echo up || echo cut
}

engine_state() {
    engine_runs "$1" || { echo -; return 0; }
    curl -fsS --max-time 2 --unix-socket "$(engine_socket "$1")" http://engine/version 2>/dev/null |
        grep -oP '^.*?"Version":"\K[^"+]+' | head -n 1 || echo hangs
}

programs_state() {
    local role running=()
    for role in $PROGRAM_ROLES; do
        ! is_pid_of "$1" "$(program_pid "$1" "$role")" || running+=("$role")
    done
    echo "${running[*]:--}"
}
