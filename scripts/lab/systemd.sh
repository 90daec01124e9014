#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A machine with a real systemd, in namespaces of this one: an overlay of this machine's root, its own network, processes and /run,
# and Debian's docker.service. What is changed in it is gone with it. For tests of units and packages; the lab's hosts have no systemd.
# usage: scripts/lab/systemd.sh up DIR | exec DIR COMMAND… | down DIR     (as root)
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
die() { printf 'error: %s\n' "$*" >&2; exit 1; }
group() { printf '/sys/fs/cgroup%s/cluster-systemd-%s\n' "$([[ -d /sys/fs/cgroup/unified ]] && echo /unified)" "${1##*/}"; }
init_pid() { cat "$1/init.pid" 2>/dev/null; }
inside() { nsenter --target "$(init_pid "$1")" --mount --uts --ipc --net --pid --cgroup --root --wdns=/ -- "${@:2}"; }

# Would change the kernel that all share, or wait for devices that are not there.
readonly UNWANTED='systemd-sysctl.service systemd-binfmt.service systemd-modules-load.service systemd-remount-fs.service
    systemd-udevd.service systemd-udev-trigger.service systemd-udevd-control.socket systemd-udevd-kernel.socket
    systemd-tmpfiles-setup-dev.service systemd-random-seed.service systemd-update-utmp.service systemd-firstboot.service
    sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount sys-fs-fuse-connections.mount dev-hugepages.mount
    dev-mqueue.mount proc-sys-fs-binfmt_misc.automount kmod-static-nodes.service modprobe@.service'

up() {
    local dir=$1 state=$1/state
    [[ -x /lib/systemd/systemd ]] || die "there is no systemd here"
    [[ ! -e $dir/init.pid ]] || die "$dir is in use"
    mkdir -p "$dir" "$(group "$dir")/init"
    mkdir -p "$state"
    (
        echo "$BASHPID" >"$(group "$dir")/cgroup.procs"
        exec setsid unshare --mount --pid --uts --ipc --cgroup --net --fork --kill-child "${BASH_SOURCE[0]}" boot "$dir"
    ) </dev/null >"$dir/boot.log" 2>&1 &
    echo $! >"$dir/outer.pid"
    for _ in $(seq 150); do
        pgrep -P "$(cat "$dir/outer.pid")" >"$dir/init.pid" 2>/dev/null || true
        if [[ -s $dir/init.pid ]] && inside "$dir" systemctl is-system-running 2>/dev/null | grep -qE 'running|degraded'; then
            inside "$dir" systemctl start docker
            return 0
        fi
        sleep 0.2
    done
    cat "$dir/boot.log" >&2
    down "$dir"
    die "systemd does not come up"
}

# boot DIR: the first process of the new machine, already in its namespaces.
boot() {
    local state=$1/state root=$1/state/root unit
    mount --make-rprivate /
    mount -t tmpfs state "$state"
    mkdir "$state/up" "$state/work" "$root"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$state/up,workdir=$state/work" "$root"
    mount -t proc proc "$root/proc"
    mount -t sysfs sysfs "$root/sys"
    mount -t cgroup2 none "$root/sys/fs/cgroup"
    for unit in run tmp dev var/lib/docker var/lib/containerd; do
        mkdir -p "$root/$unit"
        mount -t tmpfs tmpfs "$root/$unit"
    done
    # The checkout may lie where the machine has folders of its own (/tmp): it is there in any case, to be read.
    mkdir -p "$root$repository"
    mount --bind "$repository" "$root$repository"
    mount -o remount,bind,ro "$root$repository"
    mkdir "$root/dev/pts" "$root/dev/shm"
    mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
    ln -s pts/ptmx "$root/dev/ptmx"
    for unit in null zero full random urandom tty; do cp -a "/dev/$unit" "$root/dev/$unit"; done
    rm -rf "$root/etc/systemd/system" "$root/var/lib/cluster"
    mkdir -p "$root/etc/systemd/system"
    for unit in $UNWANTED; do ln -s /dev/null "$root/etc/systemd/system/$unit"; done
    printf '[Unit]\nDescription=A machine for tests\nWants=dbus.service\n' >"$root/etc/systemd/system/multi-user.target"
    hostname "${1##*/}"
    ip link set lo up
    # So that no process sees a path from outside: the old root goes.
    mkdir "$root/run/outside"
    cd "$root"
    pivot_root . run/outside
    container=other exec chroot . /bin/sh -c 'umount -l /run/outside && rmdir /run/outside &&
        exec /lib/systemd/systemd --system --unit=multi-user.target --show-status=0'
}

down() {
    local dir=$1 pid group
    pid=$(cat "$dir/outer.pid" 2>/dev/null) || return 0
    group=$(group "$dir")
    if [[ -e $group/cgroup.kill ]]; then echo 1 >"$group/cgroup.kill"; fi
    for _ in $(seq 100); do
        [[ $(grep -c 'populated 1' "$group/cgroup.events" 2>/dev/null) == 1 ]] || break
        sleep 0.1
    done
    [[ ! -d $group ]] || find "$group" -depth -type d -exec rmdir {} +
    rm -rf "$dir"
}

[[ $# -ge 2 ]] || die "usage: scripts/lab/systemd.sh up DIR | exec DIR COMMAND… | down DIR"
[[ $EUID -eq 0 ]] || die "this needs root"
case $1 in
    up | down | boot) "$1" "$2" ;;
    exec) inside "${@:2}" ;;
    *) die "$1 is no verb" ;;
esac
