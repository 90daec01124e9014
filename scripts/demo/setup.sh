# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The steps of quickstart.sh. Each looks first whether it has been done. Sourced, never run.
# Needs common.sh, engine.sh, consul.sh, images.sh, packages.sh, and QUICK_DATA, QUICK_ENGINE, QUICK_REPOSITORY.

readonly SYSTEM_SOCKET=/var/run/docker.sock

step() { printf '\n== %s\n' "$*"; }
cluster() { "$QUICK_REPOSITORY/out/bin/cluster" "$@"; }
engine_answers_at() { docker -H "unix://$1" version --format '{{.Server.Version}}' 2>/dev/null; }
has_systemd() { [[ -d /run/systemd/system ]]; }

install_everything() {
    step "Packages: Docker Engine, dig, curl, a C compiler for the demo image"
    (apt_install ca-certificates curl dnsutils gcc libc6-dev procps) || return 1
    install_engine || return 1
    step "Consul"
    CONSUL_BIN=$(install_consul | tail -n 1)
    [[ -n $CONSUL_BIN ]] || die "Consul is not to be had here; get one and run: scripts/quickstart.sh --consul PATH"
    export CONSUL_BIN
    printf '%s, version %s\n' "$CONSUL_BIN" "$(consul_version "$CONSUL_BIN")"
    step ".NET SDK"
    need_sdk "$QUICK_REPOSITORY" install || exit 1
    printf 'version %s\n' "$(cd "$QUICK_REPOSITORY" && dotnet --version)"
}

build_programs() {
    step "Build"
    local program=$QUICK_REPOSITORY/out/bin/cluster
    if [[ -x $program && -z $(newer_sources "$program") ]]; then
        echo "out/bin is up to date"
    else
        "$QUICK_REPOSITORY/scripts/build.sh"
    fi
    [[ -e /usr/local/bin/cluster && ! -L /usr/local/bin/cluster ]] || ln -sfn "$program" /usr/local/bin/cluster
}

# newer_sources FILE: the first source that is newer.
newer_sources() {
    (cd "$QUICK_REPOSITORY" && find src proto Directory.* -type f -newer "$1" ! -path '*/obj/*' ! -path '*/bin/*' -print -quit)
}

# start_docker: the machine's own engine if it has one, else a plain process with files of its own. Sets DOCKER_SOCKET.
start_docker() {
    step "Docker Engine"
    if [[ -z $(engine_answers_at "$SYSTEM_SOCKET") ]] && has_systemd; then
        systemctl enable --now docker >/dev/null 2>&1 || true
        retry_until 30 engine_answers_at "$SYSTEM_SOCKET" >/dev/null ||
            say "systemd does not get docker.service to answer; see: journalctl -u docker"
    fi
    DOCKER_SOCKET=$SYSTEM_SOCKET
    if [[ -z $(engine_answers_at "$DOCKER_SOCKET") ]]; then
        start_engine "$QUICK_ENGINE" || return 1
        DOCKER_SOCKET=$QUICK_ENGINE/docker.sock
        echo "started without systemd; its files are in $QUICK_ENGINE, its process id in docker.pid there"
    fi
    printf 'version %s answers at %s\n' "$(engine_answers_at "$DOCKER_SOCKET")" "$DOCKER_SOCKET"
}

begin_cluster() {
    step "Cluster of this machine"
    if [[ -f $QUICK_DATA/node.json ]]; then
        echo "this machine is in a cluster already; its programs are started where they do not run"
        cluster host start --data-dir "$QUICK_DATA"
    else
        cluster init --data-dir "$QUICK_DATA" --docker-socket "$DOCKER_SOCKET" --consul-bin "$CONSUL_BIN"
    fi
    retry_until 60 cluster node ls >/dev/null 2>&1 || die "no manager answers; its logs are in $QUICK_DATA/log"
}

deploy_demo() {
    step "Demo: two replicas of a small web server"
    local image
    image=$(docker -H "unix://$DOCKER_SOCKET" image inspect -f '{{.Id}}' cluster-demo:1 2>/dev/null) ||
        image=$(build_demo_image "$DOCKER_SOCKET")
    DEMO_IMAGE=$image cluster deploy -f "$QUICK_REPOSITORY/scripts/demo/demo.yml"
    cluster service ps demo/web
}

# show_demo: asks by name, as a client would, and then the replica that the name stands for.
show_demo() {
    step "It answers by its name"
    echo "\$ dig @127.0.0.1 -p 8600 $DEMO_NAME SRV +short"
    retry_until 15 demo_is_named || die "$DEMO_NAME has no entry; see: cluster explain demo/web"
    demo_records
    local port target
    read -r _ _ port target < <(demo_records)
    local address
    address=$(dig @127.0.0.1 -p 8600 "$target" A +short | tail -n 1)
    echo "\$ curl http://$address:$port/"
    curl -fsS --max-time 5 "http://$address:$port/"
}

readonly DEMO_NAME=demo-web.service.consul
demo_records() { dig @127.0.0.1 -p 8600 "$DEMO_NAME" SRV +short +time=2 +tries=1 | grep -v '^;'; }
demo_is_named() { (($(demo_records | wc -l) == 2)); }
