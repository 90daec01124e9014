# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# Docker Engines for tests and labs: install one, start and stop private ones beside whatever else runs here.
# Sourced, not run:  . scripts/lib/engine.sh
#
#   install_engine                         Debian's docker.io and what it needs at run time
#   install_engine_new                     the newest Engine of Debian's later suites, unpacked; last line of stdout: its directory
#   start_engine DIR [BINDIR [OPTION…]]    an engine whose every file is below DIR; listens on DIR/docker.sock
#   stop_engine DIR                        ends it, its containers and its mounts; DIR's data stays
#   make_busybox_image SOCKET NAME         an image made of busybox-static, since there is no registry to pull from
#
# All need root. Progress goes to stderr. Every wait is bounded. Calling any of them twice does no harm.

_engine_tools() { printf '%s\n' "${CLUSTER_TOOLS:-/var/cache/cluster-manager}"; }
_engine_say() { printf 'engine: %s\n' "$*" >&2; }

# Runs a command while holding this machine's lock of that name; gives up after 10 minutes.
_engine_locked() {
  local name=$1 tools
  shift
  tools=$(_engine_tools)
  mkdir -p "$tools" || return 1
  (
    flock -w 600 9 || { _engine_say "another process has held $tools/.$name.lock for 10 minutes"; exit 1; }
    "$@" 9>&-
  ) 9>"$tools/.$name.lock"
}

# Another apt run may hold apt's own locks, which only dpkg's knows how to wait for: try for about 5 minutes.
_engine_apt() {
  local attempt log
  log=$(mktemp)
  for attempt in $(seq 60); do
    if DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1; then
      rm -f "$log"
      return 0
    fi
    grep -q 'Could not get lock\|Unable to lock' "$log" || break
    sleep 5
  done
  tail -n 20 "$log" >&2
  rm -f "$log"
  _engine_say "apt-get $1 failed (attempt $attempt)"
  return 1
}

_engine_missing_packages() {
  local package
  for package in docker.io iptables iproute2 busybox-static nftables; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || printf '%s\n' "$package"
  done
}

_engine_install() {
  local missing policy=/usr/sbin/policy-rc.d made=
  mapfile -t missing < <(_engine_missing_packages)
  [ "${#missing[@]}" -eq 0 ] && return 0
  _engine_say "installing ${missing[*]}"
  # Installing must start no service: 101 is policy-rc.d's "not allowed". A policy that is already there stays.
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && made=1
  fi
  _engine_apt update && _engine_apt install -y --no-install-recommends "${missing[@]}"
  local result=$?
  [ -z "$made" ] || rm -f "$policy"
  return "$result"
}

install_engine() {
  [ -z "$(_engine_missing_packages)" ] || _engine_locked engine _engine_install
}

# The archive this machine installs Debian from, whichever mirror that is.
_engine_archive() {
  # shellcheck disable=SC2016 # apt expands these, not the shell
  apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    awk -F'|' '$1 == "Debian" && $2 == "Debian" && $3 == "main" { print $4; exit }'
}

# Unpacks docker.io and containerd of one suite into a directory, with apt state of its own: the system's stays as it is.
_engine_unpack_suite() {
  local suite=$1 into=$2 archive apt
  archive=$(_engine_archive)
  if [ -z "$archive" ]; then
    _engine_apt update
    archive=$(_engine_archive)
  fi
  [ -n "$archive" ] || { _engine_say "no Debian archive among this machine's apt sources"; return 1; }
  apt=$into/apt
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$into/root" || return 1
  : >"$apt/status"
  printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' "$archive" "$suite" >"$apt/sources.list"
  local options=(
    -o "Dir::Etc::SourceList=$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null -o Dir::Etc::Preferences=/dev/null
    -o Dir::Etc::PreferencesParts=/dev/null -o "Dir::State=$apt" -o "Dir::State::Lists=$apt/lists"
    -o "Dir::State::Status=$apt/status" -o "Dir::Cache=$apt/cache" -o Acquire::Languages=none -o APT::Sandbox::User=root
  )
  _engine_apt update "${options[@]}" || return 1
  (cd "$apt" && _engine_apt download "${options[@]}" docker.io containerd) || return 1
  local package
  for package in "$apt"/*.deb; do
    dpkg -x "$package" "$into/root" || return 1
  done
}

_engine_install_new() {
  local target suite staging
  target=$(_engine_tools)/engine-new
  [ -x "$target/bin/dockerd" ] && return 0
  for suite in sid trixie; do
    staging=$(mktemp -d "$target.XXXXXX") || return 1
    _engine_say "fetching docker.io of $suite"
    if _engine_unpack_suite "$suite" "$staging" && _engine_arrange_new "$staging"; then
      rm -rf "$target" && mv "$staging" "$target" && return 0
    fi
    rm -rf "$staging"
  done
  _engine_say 'neither sid nor trixie gave an engine that runs here'
  return 1
}

# Puts the programs side by side and proves that they run here. runc stays the system's: the newer one wants a newer libc.
_engine_arrange_new() {
  local into=$1 program
  mkdir -p "$into/bin"
  for program in dockerd docker-proxy docker-init containerd containerd-shim-runc-v2 ctr; do
    if [ -e "$into/root/usr/sbin/$program" ]; then
      mv "$into/root/usr/sbin/$program" "$into/bin/$program"
    elif [ -e "$into/root/usr/bin/$program" ]; then
      mv "$into/root/usr/bin/$program" "$into/bin/$program"
    elif [ -e "$into/root/usr/libexec/docker/$program" ]; then
      mv "$into/root/usr/libexec/docker/$program" "$into/bin/$program"
    fi
  done
  rm -rf "$into/root" "$into/apt"
  # The init of `--init` is not in the package: the system's serves as well. It must be the static one, containers lack our libc.
  for program in /usr/libexec/docker/docker-init /usr/sbin/docker-init /usr/bin/docker-init /usr/bin/tini-static; do
    [ -e "$into/bin/docker-init" ] || [ ! -x "$program" ] || ln -s "$program" "$into/bin/docker-init"
  done
  chmod 755 "$into"
  "$into/bin/dockerd" --version >&2 && "$into/bin/containerd" --version >&2
}

install_engine_new() {
  install_engine || return 1
  _engine_locked engine-new _engine_install_new || return 1
  printf '%s\n' "$(_engine_tools)/engine-new/bin"
}

# The pid of DIR's engine, if it runs: a pid file alone proves nothing, pids are reused.
_engine_pid() {
  local dir=$1 pid
  pid=$(cat "$dir/docker.pid" 2>/dev/null) || return 1
  [ -n "$pid" ] && { tr '\0' '\n' <"/proc/$pid/cmdline"; } 2>/dev/null | grep -qxF -- "--pidfile=$dir/docker.pid" &&
    printf '%s\n' "$pid"
}

_engine_answers() {
  # busybox's and bash's own tools speak no unix sockets, and curl may be missing: the docker client is always there.
  DOCKER_HOST="unix://$1/docker.sock" timeout 5 docker version --format '{{.Server.Version}}' >/dev/null 2>&1
}

start_engine() {
  local dir=$1 bin=${2:-} pid tries
  shift; [ $# -eq 0 ] || shift
  if _engine_pid "$dir" >/dev/null && _engine_answers "$dir"; then
    return 0
  fi
  mkdir -p "$dir/data" "$dir/exec" || return 1
  rm -f "$dir/docker.pid" "$dir/docker.sock"
  # Engine 20.10 waits in vain for a containerd that died with its engine, when nobody has reaped it.
  pid=$(cat "$dir/exec/containerd/containerd.pid" 2>/dev/null)
  _engine_leftovers "$dir" | grep -qx "${pid:-none}" || rm -f "$dir/exec/containerd/containerd.pid"
  local path=$PATH:/usr/sbin:/sbin
  [ -z "$bin" ] || path=$bin:$path
  # The namespace keeps containers apart where a containerd of the system answers; else dockerd runs a containerd of its own.
  PATH=$path setsid dockerd --data-root="$dir/data" --exec-root="$dir/exec" --pidfile="$dir/docker.pid" -H "unix://$dir/docker.sock" \
    --containerd-namespace="engine-$(printf '%s' "$dir" | cksum | cut -d' ' -f1)" "$@" >>"$dir/docker.log" 2>&1 </dev/null &
  pid=$!
  for tries in $(seq 150); do
    if _engine_answers "$dir"; then
      return 0
    fi
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.2
  done
  _engine_say "the engine in $dir did not come up (try $tries); the end of its log:"
  tail -n 20 "$dir/docker.log" >&2
  stop_engine "$dir"
  return 1
}

# Waits at most SECONDS for a process to end.
_engine_gone() {
  local pid=$1 tries
  for tries in $(seq $(($2 * 10))); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.1
  done
  _engine_say "process $pid still runs after $2 s ($tries looks)"
  return 1
}

# The processes of this engine that outlive it when it is killed: shims and containerd name its exec root on their command line.
_engine_leftovers() {
  # The pattern comes by a file, so that grep's own command line does not match.
  grep -lsF -f <(printf '%s/exec/\n' "$1") /proc/[0-9]*/cmdline | cut -d/ -f3
}

stop_engine() {
  local dir=$1 pid mount result=0
  if pid=$(_engine_pid "$dir"); then
    kill "$pid" 2>/dev/null
    _engine_gone "$pid" 30 || { kill -9 "$pid" 2>/dev/null; _engine_gone "$pid" 5 || result=1; }
  fi
  for pid in $(_engine_leftovers "$dir"); do
    [ "$pid" = "$$" ] || [ "$pid" = "$BASHPID" ] || kill -9 "$pid" 2>/dev/null
  done
  # Deepest first, so that the directory can be deleted afterwards.
  awk -v dir="$dir/" 'index($5, dir) == 1 { print $5 }' /proc/self/mountinfo | sort -r | while read -r mount; do
    umount -l "$mount" 2>/dev/null
  done
  # What a reboot would clear as well.
  rm -rf "$dir/docker.pid" "$dir/docker.sock" "$dir/exec"
  if [ "$result" -ne 0 ]; then
    _engine_say "the engine in $dir did not end; the end of its log:"
    tail -n 20 "$dir/docker.log" >&2
  fi
  return "$result"
}

make_busybox_image() {
  local host=unix://$1 name=$2 root applet result
  if DOCKER_HOST=$host timeout 20 docker image inspect "$name" >/dev/null 2>&1; then
    return 0
  fi
  install_engine || return 1
  root=$(mktemp -d) || return 1
  mkdir -p "$root"/{bin,etc,tmp,root,proc,sys,dev,var/www}
  cp "$(command -v busybox)" "$root/bin/busybox"
  for applet in $(busybox --list); do
    [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"
  done
  printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/tmp:/bin/sh\n' >"$root/etc/passwd"
  printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
  chmod 1777 "$root/tmp"
  tar -C "$root" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -c . |
    DOCKER_HOST=$host timeout 60 docker import --change 'ENV PATH=/bin' --change 'CMD ["/bin/sh"]' - "$name" >/dev/null
  result=$?
  rm -rf "$root"
  return "$result"
}
