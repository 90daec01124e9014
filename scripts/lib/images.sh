# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The test images: one static C program (scripts/lab/web), one layer, many configurations. No registry and no Docker is
# needed to build them; `docker import` is used only where an engine shall have one without a registry.
# Needs common.sh.

WEB_SOURCES=$(cd "$(dirname "${BASH_SOURCE[0]}")/../lab/web" && pwd)

# One line per image of the repository `web`: TAG VERSION BEHAVIOUR. "-hc" is added for the twins with a HEALTHCHECK.
web_images() {
    local version behaviour
    for version in 1 2 3 4 5; do
        echo "$version $version ok"
    done
    for behaviour in exit0 exit1 unhealthy unhealthy-after-5s crash-after-3s ignores-sigterm; do
        echo "$behaviour 1 $behaviour"
    done
}

# Changes whenever the images' content would.
web_images_key() {
    { cat "$WEB_SOURCES"/*.[ch] "${BASH_SOURCE[0]}" && uname -m; } | sha256sum | cut -c1-16
}

# build_web_binary FILE
build_web_binary() {
    apt_install gcc libc6-dev
    gcc -O2 -s -Wall -Wextra -static -pthread -o "$1" "$WEB_SOURCES"/*.c || die "the web server does not compile"
}

# build_web_layer FILE.tar: the root file system; the same sources give the same bytes.
build_web_layer() {
    local root
    root=$(mktemp -d)
    mkdir -p "$root/etc" "$root/tmp"
    echo 'root:x:0:0:root:/:/web' >"$root/etc/passwd"
    chmod 755 "$root"
    chmod 1777 "$root/tmp"
    build_web_binary "$root/web" || return
    tar -C "$root" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$1" .
    rm -rf "$root"
}

# web_layer: path of the layer, built once per key into the tools' folder.
web_layer() {
    local file
    file="$(tools_dir)/images/web-$(web_images_key).tar"
    if [[ ! -f $file ]]; then
        mkdir -p "${file%/*}"
        build_web_layer "$file.$$" || return
        mv "$file.$$" "$file"
    fi
    printf '%s\n' "$file"
}

# image_config VERSION BEHAVIOUR LAYER_DIGEST [hc]: the image's configuration, as Docker keeps it.
image_config() {
    local version=$1 behaviour=$2 layer_digest=$3 health=
    if [[ ${4:-} == hc ]]; then
        health='"Healthcheck":{"Test":["CMD","/web","--health"],"Interval":1000000000,"Timeout":2000000000,"Retries":3},'
    fi
    printf '{"architecture":"%s","os":"linux","created":"2024-01-01T00:00:00Z",' "$(docker_architecture)"
    printf '"config":{"Entrypoint":["/web"],"Env":["WEB_VERSION=%s","WEB_BEHAVIOUR=%s"],' "$version" "$behaviour"
    printf '%s"ExposedPorts":{"8080/tcp":{}}},' "$health"
    printf '"rootfs":{"type":"layers","diff_ids":["%s"]},' "$layer_digest"
    printf '"history":[{"created":"2024-01-01T00:00:00Z","created_by":"web %s %s"}]}' "$version" "$behaviour"
}

docker_architecture() {
    case $(uname -m) in
        x86_64) echo amd64 ;;
        aarch64) echo arm64 ;;
        *) die "no image is known for the processor $(uname -m)" ;;
    esac
}

# build_demo_image SOCKET: gives the engine behind SOCKET the image cluster-demo:1, without any registry; prints its id.
build_demo_image() {
    local layer
    layer=$(web_layer) || return
    docker -H "unix://$1" import \
        --change 'ENTRYPOINT ["/web"]' --change 'ENV WEB_VERSION=1' --change 'EXPOSE 8080' \
        "$layer" cluster-demo:1
}
