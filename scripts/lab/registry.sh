# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The registry of the lab, in the hub: its content is this lab's own copy, so that pushing to it spoils no other lab.

registry_endpoint() { printf '%s:5000\n' "$(registry_address)"; }

start_lab_registry() {
    local dir=$LAB_DIR/registry fresh=
    mkdir -p "$dir" "$(host_group hub)/system"
    restore_registry_content "$dir/content" || fresh=yes
    write_registry_config "$dir/config.yml" "$dir/content" "$(registry_endpoint)"
    spawn_registry "$dir"
    # Once, among some hundred starts on a busy machine, a registry gave no answer for 20 s; nobody saw why. A new one is tried.
    if ! retry_until 15 registry_answers "$(registry_endpoint)"; then
        tell_of_registry "$dir"
        kill -KILL "$SPAWNED" 2>/dev/null || true
        spawn_registry "$dir"
        wait_until 20 "the registry's first answer, at its second start" registry_answers "$(registry_endpoint)"
    fi
    [[ -n $fresh ]] || return 0
    push_web_images "$(registry_endpoint)"
    save_registry_content "$dir/content"
}

spawn_registry() {
    spawn_in_group hub "$1/registry.log" \
        nsenter --net="/run/netns/$(namespace_of hub)" docker-registry serve "$1/config.yml"
    echo "$SPAWNED" >"$1/registry.pid"
}

# What is known of a registry that does not answer, for the log.
tell_of_registry() {
    {
        echo "the registry gave no answer:"
        tail -n 20 "$1/registry.log"
        grep -E '^(State|Threads)' "/proc/$SPAWNED/status" || echo "its process $SPAWNED is gone"
        ip netns exec "$(namespace_of hub)" ss -lnt
        ip neigh show dev "$(operator_link)"
        curl -sv -o /dev/null --max-time 2 "http://$(registry_endpoint)/v2/"
    } >&2 2>&1 || true
}
