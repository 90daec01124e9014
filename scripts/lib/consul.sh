#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Finds or installs a Consul binary. To be sourced:
#
#   . scripts/lib/consul.sh
#   consul=$(install_consul | tail -n 1) || exit 1
#
# Order: $CONSUL_BIN, `consul` on PATH, what an earlier run installed, Debian's own package. Debian's current release has
# none, the one before (bullseye) has; it is fetched through the machine's own apt sources with that suite's name in place of
# theirs, its signature verified by apt, and only unpacked: nothing of the system's package state changes. Progress goes to stderr.

CONSUL_SUITE=${CONSUL_SUITE:-bullseye}
CONSUL_NEEDED=1.8

# Prints a binary's version ("1.8.7"), nothing when it does not run.
consul_version() {
  "$1" version 2>/dev/null | sed -n '1s/^Consul v\([0-9][0-9.]*\).*/\1/p'
}

# Succeeds when the binary runs and is new enough.
consul_usable() {
  local version
  version=$(consul_version "$1")
  [ -n "$version" ] && [ "$(printf '%s\n%s\n' "$CONSUL_NEEDED" "$version" | sort -V | head -n 1)" = "$CONSUL_NEEDED" ]
}

# Prints the base addresses of the Debian archives that this machine's apt is configured with, whatever format its lists have.
consul_debian_archives() {
  local suites='bullseye|bookworm|trixie|forky|sid|oldoldstable|oldstable|stable|testing|unstable'
  apt-get update --print-uris 2> /dev/null | sed -nE "s#^'(.*)/dists/($suites)/InRelease'.*#\1#p" |
    awk '!seen[$0]++' | head -n 5
}

# consul_apt DIR ARGS…: apt-get with lists, cache and sources of its own; proxies and mirrors stay the machine's.
consul_apt() {
  local dir=$1
  shift
  apt-get -q -o "Dir::Etc::sourcelist=$dir/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$dir/lists" \
    -o "Dir::Cache=$dir/cache" -o APT::Sandbox::User= -o Acquire::Retries=2 -o Acquire::http::Timeout=30 \
    -o Acquire::Languages=none -o APT::Update::Post-Invoke::= "$@"
}

# Prints the keyring that Debian's archives are signed with; its ending differs between releases.
consul_keyring() {
  local file
  for file in /usr/share/keyrings/debian-archive-keyring.gpg /usr/share/keyrings/debian-archive-keyring.pgp; do
    if [ -s "$file" ]; then echo "$file"; return 0; fi
  done
  return 1
}

# consul_from_archive BASE DIR: leaves the binary in DIR/tree/usr/bin/consul.
consul_from_archive() {
  local base=$1 dir=$2 keyring
  keyring=$(consul_keyring) || return 1
  mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial" "$dir/deb" || return 1
  printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$base" "$CONSUL_SUITE" > "$dir/sources.list"
  # --error-on=any: by default apt only warns when the suite cannot be fetched or verified.
  consul_apt "$dir" --error-on=any update >&2 || return 1
  (cd "$dir/deb" && consul_apt "$dir" download consul >&2) || return 1
  dpkg -x "$dir"/deb/consul_*.deb "$dir/tree" || return 1
  consul_usable "$dir/tree/usr/bin/consul"
}

# On a Debian without the keyring: installed from the machine's own sources.
consul_ensure_keyring() {
  consul_keyring > /dev/null && return 0
  apt-get update -q >&2 && apt-get install -y -q --no-install-recommends debian-archive-keyring >&2 || return 1
  consul_keyring > /dev/null
}

consul_install_debian() {
  local target=$1 base scratch tried=''
  if ! command -v apt-get > /dev/null || ! command -v dpkg > /dev/null; then
    echo "consul: this machine has no apt; tried \$CONSUL_BIN and PATH" >&2
    return 1
  fi
  if ! consul_ensure_keyring; then
    echo "consul: package debian-archive-keyring, which verifies the download, cannot be installed" >&2
    return 1
  fi
  for base in $(consul_debian_archives); do
    scratch=$(mktemp -d "$(dirname "$target")/.consul-XXXXXX") || return 1
    if consul_from_archive "$base" "$scratch/$CONSUL_SUITE"; then
      # A rename within one file system: nobody ever sees half a binary.
      mv -f "$scratch/$CONSUL_SUITE/tree/usr/bin/consul" "$target"
      rm -rf "$scratch"
      return 0
    fi
    rm -rf "$scratch"
    # Without a user and password that such an address may carry.
    tried="$tried $(printf '%s' "$base" | sed 's#//[^/@]*@#//#') ($CONSUL_SUITE)"
  done
  echo "consul: not to be had. Tried: \$CONSUL_BIN, PATH, apt:${tried:- no Debian archive among the apt sources}" >&2
  echo "consul: install Consul $CONSUL_NEEDED or newer and put it on PATH, or set CONSUL_BIN to it" >&2
  return 1
}

# Prints the path of a usable consul binary on its last line; not 0, with the reasons on stderr, when there is none.
install_consul() {
  local found target
  if [ -n "${CONSUL_BIN:-}" ]; then
    consul_usable "$CONSUL_BIN" || { echo "consul: CONSUL_BIN=$CONSUL_BIN is not a Consul $CONSUL_NEEDED or newer" >&2; return 1; }
    echo "$CONSUL_BIN"
    return 0
  fi
  if found=$(command -v consul); then
    if consul_usable "$found"; then echo "$found"; return 0; fi
    echo "consul: $found is older than $CONSUL_NEEDED or does not run; looking further" >&2
  fi
  target=${CLUSTER_TOOLS:-/var/cache/cluster-manager}/consul/consul
  if ! consul_usable "$target"; then
    mkdir -p "$(dirname "$target")" || return 1
    (
      # The second of two callers waits, then finds the work done.
      flock -w 300 9 || { echo "consul: another installation has held $target.lock for five minutes" >&2; exit 1; }
      consul_usable "$target" || consul_install_debian "$target"
    ) 9> "$target.lock" || return 1
  fi
  echo "$target"
}
