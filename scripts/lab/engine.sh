# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Each host's own Docker Engine. What a reboot forgets (exec root, pid file, socket) is in the host's own /run; a second
# socket in the host's folder is reachable from the machine.

engine_socket() { printf '%s\n' "$(host_dir "$1")/docker.sock"; }
engine_pid() { cat "/proc/$(init_pid "$1")/root/run/docker.pid" 2>/dev/null; }
engine_runs() { is_pid_of "$1" "$(engine_pid "$1")"; }
engine_answers() { curl -fsS -o /dev/null --max-time 2 --unix-socket "$(engine_socket "$1")" http://engine/_ping 2>/dev/null; }

# install_engines: what the hosts need; sets LAB_ENGINE_NEW_BIN when a host wants the newer one.
install_engines() {
    install_engine >&2
    LAB_ENGINE_NEW_BIN=
    [[ -z $LAB_ENGINE_NEW ]] || LAB_ENGINE_NEW_BIN=$(install_engine_new | tail -n 1)
}

# launch_engine HOST: does not wait.
launch_engine() {
    local host=$1 path=/usr/sbin:/usr/bin:/sbin:/bin dir options=()
    dir=$(host_dir "$host")
    ! is_engine_new "$host" || path=$LAB_ENGINE_NEW_BIN:$path
    [[ ! -e $dir/engine.live-restore ]] || options+=(--live-restore)
    mkdir -p "$dir/engine"
    clear_remains_of_engine "$host"
    # No variable of ours reaches the engine: a proxy's address, for one, would be used to reach registry.lab.
    spawn_on "$host" "$dir/log/engine.log" env -i "PATH=$path" HOME=/root dockerd \
        --data-root "$dir/engine" --exec-root /run/docker --pidfile /run/docker.pid \
        -H unix:///run/docker.sock -H "unix://$(engine_socket "$host")" \
        --bip "172.30.${host#h}.1/24" --cgroup-parent "/$LAB_PREFIX/$host" --exec-opt native.cgroupdriver=cgroupfs \
        --insecure-registry registry.lab:5000 "${options[@]}"
}

# As `up` said, or a later `start HOST engine --new` or `--old`.
is_engine_new() {
    local dir
    dir=$(host_dir "$1")
    [[ ! -e $dir/engine.old ]] && [[ -e $dir/engine.new || " $LAB_ENGINE_NEW " == *" $1 "* ]]
}

# choose_engine HOST OPTION…: what its engine is from its next start on.
choose_engine() {
    local dir option
    dir=$(host_dir "$1")
    shift
    for option in "$@"; do
        case $option in
            --new) [[ -n $LAB_ENGINE_NEW_BIN ]] || die "this lab has no newer engine; bring it up with --engine-new"
                rm -f "$dir/engine.old"; touch "$dir/engine.new" ;;
            --old) rm -f "$dir/engine.new"; touch "$dir/engine.old" ;;
            --live-restore) touch "$dir/engine.live-restore" ;;
            --no-live-restore) rm -f "$dir/engine.live-restore" ;;
            *) die "start HOST engine takes --new, --old, --live-restore, --no-live-restore; not '$option'" ;;
        esac
    done
}

# An engine that was killed leaves pid files behind and, for a moment, its containerd. The next engine would take both, or
# just their zombies, for living ones.
clear_remains_of_engine() {
    local run file pid
    run=/proc/$(init_pid "$1")/root/run
    for file in "$run/docker.pid" "$run/docker/containerd/containerd.pid"; do
        [[ -f $file ]] || continue
        pid=$(<"$file")
        if is_pid_of "$1" "$pid"; then
            kill -KILL "$pid" 2>/dev/null || true
            wait_until 10 "the end of what the old engine of $1 left" is_gone "$pid"
        fi
        rm -f "$file"
    done
}

await_engine() {
    local host=$1
    retry_until 60 engine_answers "$host" ||
        { tail -n 5 "$(host_dir "$host")/log/engine.log" >&2; die "the engine of $host does not answer"; }
}

start_host_engine() {
    engine_runs "$1" || launch_engine "$1"
    await_engine "$1"
}

# As `systemctl stop docker` does: the engine stops its containers, then ends.
stop_host_engine() {
    local pid
    pid=$(engine_pid "$1") && is_alive "$pid" || return 0
    kill -TERM "$pid"
    wait_until 60 "the end of the engine of $1" is_gone "$pid"
}
