# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The lab's wires: a bridge in a hub namespace of its own (in the root namespace Docker's FORWARD policy would drop its
# traffic), one veth pair to every host, and one to the machine itself so that tests reach the hosts directly.

# A host asks 203.0.113.53 for names; its own kernel answers "unreachable", so a name that cannot be resolved fails at once.
readonly NAMELESS_NETWORK=203.0.113.0/24
readonly NAMELESS_SERVER=203.0.113.53

create_hub() {
    local hub
    hub=$(namespace_of hub)
    ip netns add "$hub"
    ip -n "$hub" link set lo up
    ip -n "$hub" link add br0 type bridge
    ip -n "$hub" addr add "$(hub_address)/24" dev br0
    ip -n "$hub" addr add "$(registry_address)/24" dev br0
    ip -n "$hub" link set br0 up
    # With forwarding on, the hub refuses foreign destinations ("unreachable") instead of dropping them in silence.
    nsenter --net="/run/netns/$hub" sysctl -qw net.ipv4.ip_forward=1
    plug_in operator 254
    local end
    end=$(operator_link)
    ip -n "$hub" link set operator-far netns 1 name "$end"
    ip addr add "$(operator_address)/24" dev "$end"
    ip link set "$end" up
}

operator_link() { printf '%s\n' "$LAB_PREFIX-op"; }

# plug_in NAME NUMBER: a veth pair NAME (on the bridge) and NAME-far (still in the hub). The far end's MAC address depends on
# the number only: a host that comes back after a power-off is known to its neighbours.
plug_in() {
    local hub name=$1 mac
    hub=$(namespace_of hub)
    # shellcheck disable=SC2086
    mac=$(printf '02:4c:%02x:%02x:%02x:%02x' ${LAB_NET//./ } "$2")
    ip -n "$hub" link add "$name" type veth peer name "$name-far" address "$mac"
    ip -n "$hub" link set "$name" master br0 up
}

create_host_network() {
    local host=$1 hub name
    hub=$(namespace_of hub)
    name=$(namespace_of "$host")
    ip netns add "$name"
    plug_in "$host" "$((10 + ${host#h}))"
    ip -n "$hub" link set "$host-far" netns "$name" name eth0
    ip -n "$name" -batch - <<EOF
link set lo up
addr add $(address_of "$host")/24 dev eth0
link set eth0 up
route add default via $(hub_address)
route add unreachable $NAMELESS_NETWORK
EOF
}

# The link goes first: the kernel takes a dead namespace's links away in the background, too late for a host that starts again.
delete_host_network() {
    local name
    name=$(namespace_of "$1")
    ip -n "$(namespace_of hub)" link delete "$1" 2>/dev/null || true
    ! namespace_exists "$name" || ip netns delete "$name"
}

namespace_exists() { [[ -e /run/netns/$1 ]]; }

# The hub's end goes down, like a cable pulled at the switch: the host keeps its address and its routes.
cut_link() { ip -n "$(namespace_of hub)" link set "$1" down; }
heal_link() { ip -n "$(namespace_of hub)" link set "$1" up; }

delete_all_networks() {
    local name
    ip link delete "$(operator_link)" 2>/dev/null || true
    for name in $(ip netns list | cut -d' ' -f1 | grep -E "^$LAB_PREFIX-(hub|h[0-9]+)\$" || true); do
        ip netns delete "$name"
    done
}
