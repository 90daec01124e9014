#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The first process of a lab host, started in the host's own network, mount and UTS namespace: gives the host its name, an
# empty /run (as after a boot) and its own resolver files, then holds the namespaces until the host is powered off.
# Usage: host-init.sh NAME FOLDER
set -euo pipefail
name=$1 folder=$2

# bind FILE OVER: the file appears at OVER, also where that is a link into the emptied /run.
bind() {
    local target
    target=$(readlink -m "$2")
    mkdir -p "${target%/*}"
    [[ -e $target ]] || touch "$target"
    mount --bind "$1" "$target"
}

hostname "$name"
mount -t tmpfs -o mode=755 run /run
mkdir -p /run/lock
bind "$folder/hosts" /etc/hosts
bind "$folder/resolv.conf" /etc/resolv.conf
touch "$folder/booted"
exec sleep infinity
