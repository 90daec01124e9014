# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What a machine needs beyond itself: the .NET SDK, and what the tests of real things use.
# Sourced, never run. Needs common.sh, engine.sh and consul.sh.

# prepare_environment: a home for NuGet and the SDK where there is none (cron, CI), and no questions, adverts or servers of theirs.
prepare_environment() {
    HOME=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}
    [[ -n $HOME && -w $HOME ]] || HOME=$(mktemp -d)
    export HOME
    export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false DOTNET_CLI_UI_LANGUAGE=en
    export MSBUILDDISABLENODEREUSE=1 LC_ALL=C.UTF-8
    PATH=$PATH:/usr/sbin:/sbin:/usr/share/dotnet:/usr/lib/dotnet:$HOME/.dotnet
}

# sdk_version_needed: the major version that global.json asks for.
sdk_version_needed() { sed -n 's/.*"version": *"\([0-9]*\)\..*/\1/p' "$1/global.json" | head -n 1; }

# sdk_is_there REPOSITORY: an SDK that global.json accepts is on PATH.
sdk_is_there() { command -v dotnet >/dev/null && (cd "$1" && dotnet --version >/dev/null 2>&1); }

# need_sdk REPOSITORY [install]: with `install` the distribution's own package is tried; else, and then, it says what to do.
need_sdk() {
    local repository=$1 package
    sdk_is_there "$repository" && return 0
    package=dotnet-sdk-$(sdk_version_needed "$repository").0
    if [[ ${2:-} == install ]] && command -v apt-cache >/dev/null && apt-cache show "$package" >/dev/null 2>&1; then
        (apt_install "$package") && sdk_is_there "$repository" && return 0
    fi
    say "The .NET SDK $(sdk_version_needed "$repository") is needed and 'dotnet --version' does not find it."
    say "Install the package $package (Ubuntu has it; for Debian add Microsoft's package feed), or unpack the SDK and put it on PATH."
    return 1
}

# install_test_tools: all that tests of the categories Real and Lab use. 1 when something is not to be had; it has then been said.
install_test_tools() {
    [[ $EUID -eq 0 ]] || { say "tests with Docker and Consul need root; without it: scripts/test.sh --fast"; return 1; }
    (apt_install ca-certificates curl dbus dnsutils docker-registry faketime gcc haproxy iproute2 libc6-dev openssl procps python3 \
        python3-prometheus-client systemd util-linux) || return 1
    install_engine && install_engine_new >/dev/null || return 1
    CONSUL_BIN=$(install_consul | tail -n 1) && [[ -n $CONSUL_BIN ]] || return 1
    export CONSUL_BIN
    # Other implementations of gRPC, to talk to: on Node and on Python.
    local interop
    interop=$(dirname "${BASH_SOURCE[0]}")/interop.sh
    [[ -x $interop ]] || return 0
    "$interop" >/dev/null
}
