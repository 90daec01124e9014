# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The registry of the lab, in the hub: its content is this lab's own copy, so that pushing to it spoils no other lab.

registry_endpoint() { printf '%s:5000\n' "$(registry_address)"; }

start_lab_registry() {
    local dir=$LAB_DIR/registry fresh=
    mkdir -p "$dir" "$(host_group hub)/system"
    restore_registry_content "$dir/content" || fresh=yes
    write_registry_config "$dir/config.yml" "$dir/content" "$(registry_endpoint)"
    spawn_in_group hub "$dir/registry.log" \
        nsenter --net="/run/netns/$(namespace_of hub)" docker-registry serve "$dir/config.yml"
    echo "$SPAWNED" >"$dir/registry.pid"
    wait_until 20 "the registry's first answer" registry_answers "$(registry_endpoint)"
    [[ -n $fresh ]] || return 0
    push_web_images "$(registry_endpoint)"
    save_registry_content "$dir/content"
}
