# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# A real image registry (Debian's docker-registry) with the test images in it, pushed over its own HTTP API.
# Needs common.sh and images.sh.

readonly MANIFEST_TYPE=application/vnd.docker.distribution.manifest.v2+json

install_registry() { apt_install docker-registry curl; }

# write_registry_config FILE STORAGE_DIR ADDRESS:PORT
write_registry_config() {
    cat >"$1" <<EOF
version: 0.1
log: {level: warn}
storage:
  filesystem: {rootdirectory: $2}
  delete: {enabled: true}
http: {addr: "$3"}
EOF
}

# restore_registry_content STORAGE_DIR: a copy of what an earlier push left behind; 1 when there is none for these images.
restore_registry_content() {
    local cache
    cache=$(registry_cache)
    [[ -d $cache ]] && mkdir -p "$1" && cp -a "$cache/." "$1/"
}

# save_registry_content STORAGE_DIR
save_registry_content() {
    local cache
    cache=$(registry_cache)
    [[ ! -d $cache ]] || return 0
    mkdir -p "${cache%/*}"
    rm -rf "$cache.$$"
    cp -a "$1" "$cache.$$"
    mv -T "$cache.$$" "$cache" 2>/dev/null || rm -rf "$cache.$$" # another lab was faster
}

registry_cache() { echo "$(tools_dir)/lab-registry/$(web_images_key)"; }

registry_answers() { curl -fsS -o /dev/null --max-time 2 "http://$1/v2/" 2>/dev/null; }

# push_web_images ADDRESS:PORT
push_web_images() {
    local registry=$1 work layer diff_id tag version behaviour
    layer=$(web_layer) || return
    work=$(mktemp -d)
    gzip -n -c "$layer" >"$work/layer.tar.gz"
    diff_id=$(digest_of "$layer")
    push_blob "$registry" "$work/layer.tar.gz"
    while read -r tag version behaviour; do
        image_config "$version" "$behaviour" "$diff_id" >"$work/config.json"
        push_image "$registry" "$tag" "$work"
        image_config "$version" "$behaviour" "$diff_id" hc >"$work/config.json"
        push_image "$registry" "$tag-hc" "$work"
    done < <(web_images)
    rm -rf "$work"
}

# push_image ADDRESS:PORT TAG WORK_DIR: the image of WORK_DIR's config.json and layer.tar.gz, as web:TAG.
push_image() {
    local registry=$1 tag=$2 work=$3
    push_blob "$registry" "$work/config.json"
    {
        printf '{"schemaVersion":2,"mediaType":"%s",' "$MANIFEST_TYPE"
        printf '"config":{"mediaType":"application/vnd.docker.container.image.v1+json",%s},' "$(size_and_digest "$work/config.json")"
        printf '"layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip",%s}]}' "$(size_and_digest "$work/layer.tar.gz")"
    } >"$work/manifest.json"
    registry_call -X PUT -H "Content-Type: $MANIFEST_TYPE" --data-binary "@$work/manifest.json" \
        "http://$registry/v2/web/manifests/$tag"
}

# push_blob ADDRESS:PORT FILE
push_blob() {
    local location
    location=$(registry_call -X POST -D - "http://$1/v2/web/blobs/uploads/" | tr -d '\r' | sed -n 's/^Location: //Ip')
    [[ -n $location ]] || die "the registry at $1 offers no upload"
    registry_call -X PUT -H 'Content-Type: application/octet-stream' --data-binary "@$2" \
        "$location&digest=$(digest_of "$2")"
}

registry_call() { curl -fsS --max-time 30 "$@"; }

digest_of() { echo "sha256:$(sha256sum "$1" | cut -d' ' -f1)"; }

size_and_digest() { printf '"size":%d,"digest":"%s"' "$(stat -c %s "$1")" "$(digest_of "$1")"; }
