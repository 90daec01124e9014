# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The cluster's own programs on the hosts, through the same commands that a user types.

readonly CONTROL_PORT=7443
readonly PROGRAM_ROLES='supervisor consul manager agent'

# install_programs: Consul, and a copy of the binaries: a build beside a running lab must not change it.
install_programs() {
    if [[ ! -x $LAB_BIN/cluster ]]; then
        [[ $LAB_BIN == "$LAB_REPOSITORY/out/bin" ]] || die "there is no program 'cluster' in $LAB_BIN"
        "$LAB_SCRIPTS/build.sh" >&2
    fi
    consul_path >/dev/null
    cp -a "$LAB_BIN" "$LAB_DIR/bin"
    LAB_BIN=$LAB_DIR/bin
}

consul_path() { install_consul | tail -n 1; }

# start_all_programs: h1 begins the cluster; managers and servers follow one by one, since each changes a quorum; then all others.
start_all_programs() {
    local host others=()
    begin_cluster h1
    for host in $(all_hosts); do
        if [[ $host == h1 ]]; then continue; fi
        if is_manager "$host" || is_server "$host"; then join_cluster "$host" h1; else others+=("$host"); fi
    done
    for_each_host_at_once "joining" join_after_h1 "${others[@]}"
    write_operator_context
}

join_after_h1() { join_cluster "$1" h1; }

begin_cluster() {
    local options
    mapfile -t options < <(host_options "$1")
    run_cluster "$1" init "${options[@]}"
    write_operator_context
}

# join_cluster HOST MANAGER_HOST: with a fresh token, in the role that the host's number gives it.
join_cluster() {
    local host=$1 via=$2 options token roles=() token_kind=()
    mapfile -t options < <(host_options "$host")
    ! is_manager "$host" || { roles+=(--manager); token_kind=(--manager); }
    ! is_server "$host" || roles+=(--consul-server)
    token=$(run_on "$via" timeout 60 cluster token create "${token_kind[@]}" -q) || die "$via gives no token for $host"
    run_cluster "$host" join "$(address_of "$via"):$CONTROL_PORT" --token "$token" "${roles[@]}" "${options[@]}"
}

# One argument a line.
host_options() {
    printf '%s\n' --name "$1" --advertise "$(address_of "$1")" --data-dir "$(data_dir "$1")" \
        --docker-socket /run/docker.sock --consul-bin "$(consul_path)"
}

# run_cluster HOST ARGUMENT…: `cluster …` there, within two minutes; what it said is shown only when it fails.
run_cluster() {
    local host=$1 log
    log=$(host_dir "$1")/log/cluster.log
    shift
    mkdir -p "$(data_dir "$host")"
    echo "--- cluster $1 ${2:-}" >>"$log"
    run_on "$host" timeout 120 cluster "$@" </dev/null >>"$log" 2>&1 ||
        { tail -n 15 "$log" >&2; die "'cluster $1' failed on $host; all of it is in $log"; }
}

# write_operator_context: what `init` wrote, with the address of every manager behind that of h1.
write_operator_context() {
    local source target=$LAB_DIR/operator/config.yaml first more=() host
    source=$(data_dir h1)/operator/config.yaml
    [[ -f $source ]] || die "'cluster init' wrote no $source"
    first=$(address_of h1):$CONTROL_PORT
    for host in $(all_hosts); do
        [[ $host == h1 ]] || ! is_manager "$host" || more+=("$(address_of "$host"):$CONTROL_PORT")
    done
    mkdir -p "${target%/*}"
    chmod 700 "${target%/*}"
    # A list item that names h1's address is repeated for each further manager, where it is not there yet.
    awk -v first="$first" -v more="${more[*]}" '
        { lines[NR] = $0; text = text "\n" $0 }
        END {
            count = split(more, addresses, " ")
            for (i = 1; i <= NR; i++) {
                print lines[i]
                if (lines[i] !~ /^ *- / || !(at = index(lines[i], first))) continue
                for (k = 1; k <= count; k++)
                    if (!index(text, addresses[k]))
                        print substr(lines[i], 1, at - 1) addresses[k] substr(lines[i], at + length(first))
            }
        }' "$source" >"$target.new"
    chmod 600 "$target.new"
    mv "$target.new" "$target"
}

# start_programs HOST: after a power-off; a host with empty disks joins anew through any other manager that is on.
start_programs() {
    local host=$1 via
    if [[ -e $(data_dir "$host")/run ]]; then
        is_pid_of "$host" "$(program_pid "$host" supervisor)" || run_cluster "$host" host start --data-dir "$(data_dir "$host")"
        return
    fi
    for via in $(all_hosts); do
        if [[ $via != "$host" ]] && is_manager "$via" && is_on "$via"; then
            join_cluster "$host" "$via"
            return
        fi
    done
    [[ $host == h1 ]] || die "no other manager is on, so $host cannot join"
    begin_cluster h1
}

stop_program() { run_cluster "$1" host stop "$2" --data-dir "$(data_dir "$1")"; }
start_program() { run_cluster "$1" host start "$2" --data-dir "$(data_dir "$1")"; }

program_pid() { cat "$(data_dir "$1")/run/$2.pid" 2>/dev/null || true; }
