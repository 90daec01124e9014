#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From a fresh Debian or Ubuntu machine to a cluster of one machine and a demo service that answers by its name.
# usage: scripts/quickstart.sh [--data-dir DIR] [--consul PATH] | --down [--data-dir DIR]     (as root)
#   --data-dir DIR   where the cluster's programs keep their files (/var/lib/cluster)
#   --consul PATH    a Consul binary, where none can be installed
#   --down           removes the demo, the cluster, its containers and its files; packages stay
# Run it again at any time: what is there is left as it is.
set -euo pipefail
shopt -s inherit_errexit

QUICK_REPOSITORY=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
for part in lib/common lib/engine lib/consul lib/images lib/packages demo/setup demo/down; do
    # shellcheck source=/dev/null
    source "$QUICK_REPOSITORY/scripts/$part.sh"
done

QUICK_DATA=/var/lib/cluster action=up
while (($# > 0)); do
    case $1 in
        --data-dir) QUICK_DATA=$(realpath -m "${2:?--data-dir needs a folder}"); shift 2 ;;
        --consul) CONSUL_BIN=$(realpath -e "${2:?--consul needs a path}"); export CONSUL_BIN; shift 2 ;;
        --down) action=down; shift ;;
        -h | --help) sed -n '3,8s/^# //p' "${BASH_SOURCE[0]}"; exit 0 ;;
        *) die "$1 is not known; see: scripts/quickstart.sh --help" ;;
    esac
done
# Beside the data, since it outlives the cluster's programs.
# shellcheck disable=SC2034 # used by the parts
QUICK_ENGINE=$QUICK_DATA-engine

need_root
prepare_environment
if [[ $action == down ]]; then
    take_down
    exit 0
fi

install_everything
build_programs
start_docker
begin_cluster
deploy_demo
show_demo
step "Ready"
cat <<'TEXT'
cluster status                                      is all well?
cluster run --name web -p 8080 IMAGE                your own service
cluster scale demo/web=4                            more replicas
scripts/quickstart.sh --down                        removes all of this
TEXT
