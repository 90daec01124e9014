# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The part of selftest.sh about the test images: each must misbehave exactly as its tag says.

test_web() {
    test_versions
    test_bad_images
    test_health_checks
    remove_web h3 web
    test_drain
    test_keep_alive
    check "h3 serves again" run_web h3 web 1
}

test_versions() {
    local version
    for version in 1 2 3 4 5; do
        launch h1 "v$version" "$version" -p 81:8080
        check "web:$version serves" retry_until 5 answers "http://$(addr h1):81/"
        check "web:$version says its version" matches "$(get "http://$(addr h1):81/")" "\"version\":\"$version\""
        check "web:$version is healthy" equals "$(status_of "http://$(addr h1):81/healthz")" 200
        remove_web h1 "v$version"
    done
    check "an unknown path is 404" equals "$(status_of "http://$(addr h1)/nothing")" 404
}

test_bad_images() {
    local bad url
    for bad in exit0 exit1 unhealthy unhealthy-after-5s crash-after-3s ignores-sigterm; do
        launch h1 "$bad" "$bad" -p 8080
    done
    check "web:exit0 ends with 0" equals "$(exit_code_of h1 exit0)" 0
    check "web:exit1 ends with 1" equals "$(exit_code_of h1 exit1)" 1
    check "web:unhealthy answers 503" equals "$(status_of "$(url_of unhealthy)/healthz")" 503
    check "web:unhealthy serves all the same" answers "$(url_of unhealthy)/"
    url=$(url_of unhealthy-after-5s)
    check "web:unhealthy-after-5s begins healthy" equals "$(status_of "$url/healthz")" 200
    check "web:unhealthy-after-5s is not for ever" retry_until 7 turns_unhealthy "$url"
    check "web:crash-after-3s ends with 70" equals "$(exit_code_of h1 crash-after-3s)" 70
    on h1 docker stop -t 1 ignores-sigterm >/dev/null
    check "web:ignores-sigterm must be killed" equals "$(exit_code_of h1 ignores-sigterm)" 137
    on h1 docker rm -f exit0 exit1 unhealthy unhealthy-after-5s crash-after-3s ignores-sigterm >/dev/null
}

url_of() { echo "http://$(addr h1):$(on h1 docker inspect -f '{{(index .NetworkSettings.Ports "8080/tcp" 0).HostPort}}' "$1")"; }
turns_unhealthy() { [[ $(status_of "$1/healthz") == 503 ]]; }

test_health_checks() {
    launch h1 good 1-hc
    launch h1 ill unhealthy-hc
    check "web:1-hc becomes healthy" retry_until 10 health_is h1 good healthy
    check "web:unhealthy-hc becomes unhealthy" retry_until 15 health_is h1 ill unhealthy
    on h1 docker rm -f good ill >/dev/null
}

# An open request outlives the stop signal; health fails meanwhile; the container then ends by itself.
test_drain() {
    local url slow answer
    url=http://$(addr h3)
    answer=$(mktemp)
    run_web h3 drained 2
    curl -fsS --max-time 8 "$url/slow?ms=2000" >"$answer" &
    slow=$!
    sleep 0.2 # the request is open now
    on h3 docker kill -s TERM drained >/dev/null
    check "a draining server's health fails" retry_until 1 turns_unhealthy "$url"
    check "a draining server still answers" get "$url/"
    wait "$slow" || true # `check` runs in a subshell, which cannot wait for our child
    check "the open request is finished" matches "$(cat "$answer")" '"version":"2"'
    check "then the server ends with 0" equals "$(exit_code_of h3 drained)" 0
    check "it says that it cut nobody" log_has h3 drained 'ended with 0 connections cut'
    rm -f "$answer"
    remove_web h3 drained
}

# A kept connection is told to close by its next answer; an idle one is closed.
test_keep_alive() {
    local busy idle
    run_web h3 kept 3
    exec {busy}<>"/dev/tcp/$(addr h3)/80" {idle}<>"/dev/tcp/$(addr h3)/80"
    check "a connection is kept" matches "$(ask "$busy")" 'Connection: keep-alive'
    check "and is used twice" matches "$(ask "$busy")" 'Connection: keep-alive'
    check "another is kept too" matches "$(ask "$idle")" 'Connection: keep-alive'
    on h3 docker kill -s TERM kept >/dev/null
    check "a draining server closes after its answer" matches "$(ask "$busy")" 'Connection: close'
    check "that connection ends" reaches_end "$busy"
    check "an idle connection ends" reaches_end "$idle"
    exec {busy}>&- {idle}>&-
    check "and so does the server" equals "$(exit_code_of h3 kept)" 0
    remove_web h3 kept
}

# ask DESCRIPTOR: one request, its answer's head, one line.
ask() {
    local line length=0
    printf 'GET / HTTP/1.1\r\nHost: test\r\n\r\n' >&"$1"
    while read -r -t 3 line <&"$1" && line=${line%$'\r'} && [[ -n $line ]]; do
        printf '%s; ' "$line"
        [[ $line != Content-Length:* ]] || length=${line#*: }
    done
    read -r -t 3 -N "$length" line <&"$1"
}

# The peer closed in order: read meets the end (1), not its time limit (above 128).
reaches_end() { local byte; if read -r -t 3 -n 1 byte <&"$1"; then return 1; else (($? == 1)); fi; }
