#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A lab of real hosts on one machine. `scripts/lab.sh --help` says what it can do, docs/lab.md how it is built.
set -euo pipefail
shopt -s inherit_errexit

LAB_SCRIPTS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LAB_REPOSITORY=${LAB_SCRIPTS%/scripts}

source "$LAB_SCRIPTS/lib/common.sh"
source "$LAB_SCRIPTS/lib/images.sh"
source "$LAB_SCRIPTS/lib/registry.sh"
source "${CLUSTER_ENGINE_LIB:-$LAB_SCRIPTS/lib/engine.sh}"
source "${CLUSTER_CONSUL_LIB:-$LAB_SCRIPTS/lib/consul.sh}"
for part in state network host engine registry programs lifetime verbs; do
    source "$LAB_SCRIPTS/lab/$part.sh"
done

# One `up` or `down` at a time; the other verbs touch one host each and may run beside each other.
locked() {
    local lock=/run/lock/cluster-lab${LAB_DIR//\//-}
    exec 9>"$lock"
    flock -w 300 9 || die "another lab.sh has held $lock for 5 minutes"
    "$@"
}

case ${1:-} in
    up | down) need_root; locked "verb_$1" "${@:2}" ;;
    kill | start | stop | cut | heal | exec | addr | pid | status | logs) need_root; "verb_$1" "${@:2}" ;;
    -h | --help | help) cat "$LAB_SCRIPTS/lab/help.txt" ;;
    *) cat "$LAB_SCRIPTS/lab/help.txt" >&2; die "'${1:-}' is no verb" ;;
esac
