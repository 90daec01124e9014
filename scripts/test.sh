#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the tests. The last line is the sum: "N passed, N failed", with ", N skipped" when there are any.
# usage: scripts/test.sh [--fast | --no-lab] [--filter EXPRESSION] [--long]
#   (nothing)    all tests, as root; installs what they need: Docker Engines, Consul, a registry, from Debian's packages
#   --fast       what needs neither Docker nor Consul nor root; two to three minutes once it is built
#   --no-lab     all but the lab of several hosts
#   --filter E   only tests that fit, for instance: --filter FullyQualifiedName~Rollout
#   --long       more rounds where a test can use them, and what waits for minutes (CLUSTER_TEST_LONG=1)
set -euo pipefail
shopt -s inherit_errexit

scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=${scripts%/scripts}
for part in common engine consul packages testing; do
    # shellcheck source=/dev/null
    source "$scripts/lib/$part.sh"
done

# Seconds that a project may take: well above what it takes, below what a build machine has patience for.
readonly PROJECT_SECONDS=600 LAB_SECONDS=1800 LONG_SECONDS=7200

kind=all expression=''
read_options() {
    while (($# > 0)); do
        case $1 in
            --fast) kind=fast ;;
            --no-lab) kind=no-lab ;;
            --filter) expression=${2:-}; [[ -n $expression ]] || die "--filter needs an expression"; shift ;;
            --long) export CLUSTER_TEST_LONG=1 ;;
            -h | --help) sed -n '3,9s/^# //p' "${BASH_SOURCE[0]}"; exit 0 ;;
            *) die "$1 is not known; see: scripts/test.sh --help" ;;
        esac
        shift
    done
}

filter() {
    local parts=()
    case $kind in
        fast) parts+=('Category!=Real' 'Category!=Lab') ;;
        no-lab) parts+=('Category!=Lab') ;;
    esac
    [[ -n ${CLUSTER_TEST_LONG:-} || -n $expression ]] || parts+=('Length!=Long')
    [[ -z $expression ]] || parts+=("($expression)")
    local IFS='&'
    printf '%s\n' "${parts[*]}"
}

prepare() {
    prepare_environment
    need_sdk "$repository" || { fail_run "the .NET SDK is missing"; return 1; }
    [[ $kind == fast ]] || install_test_tools || { fail_run "what the tests need could not be installed"; return 1; }
    local started=$SECONDS log=$results/build.log
    if ! (cd "$repository" && dotnet build ClusterManager.sln -c Release -v quiet --nologo -nodeReuse:false) >"$log" 2>&1 </dev/null; then
        fail_run "the build failed:
$(grep -E 'error|warning' "$log" | sort -u | head -n 30)"
        return 1
    fi
    printf '%-16s %4d s\n' build $((SECONDS - started))
    # A filter may leave nothing that needs the programs; who does builds them then.
    [[ $kind == fast || -n $expression || -n ${CLUSTER_TEST_BIN:-} ]] || publish
}

# The programs as users get them, once for all tests.
publish() {
    local started=$SECONDS log=$results/publish.log
    "$scripts/build.sh" >"$log" 2>&1 </dev/null || { fail_run "the programs were not published:
$(grep -E 'error|warning' "$log" | sort -u | head -n 30)"; return 1; }
    export CLUSTER_TEST_BIN=$repository/out/bin
    printf '%-16s %4d s\n' publish $((SECONDS - started))
}

# The lab's project last: it is the slowest, and what it would find others mostly find before.
projects() {
    local project
    for project in "$repository"/tests/*/*.csproj; do
        if grep -q '<IsTestProject>true' "$project" && [[ $project != */Lab.Tests.csproj ]]; then printf '%s\n' "$project"; fi
    done
    printf '%s\n' "$repository/tests/Lab.Tests/Lab.Tests.csproj"
}

project_seconds() {
    if [[ -n ${CLUSTER_TEST_LONG:-} ]]; then echo "$LONG_SECONDS"
    elif [[ ${1:-} == */Lab.Tests.csproj ]]; then echo "$LAB_SECONDS"
    else echo "$PROJECT_SECONDS"; fi
}

run_all() {
    local project seconds may_be_empty=no
    [[ -z $expression ]] || may_be_empty=yes
    # Two projects at once, the slowest, which comes last but one, first. The lab measures how fast a cluster reacts: it has the machine
    # alone.
    projects | tac | if [[ $kind == fast ]]; then cat; else grep -v '/Lab.Tests.csproj$'; fi |
        xargs -P 2 -I {} bash -c 'source "$1"; test_project "${@:2}"' _ "$scripts/lib/testing.sh" {} "$results" "$(project_seconds)" \
            "$(filter)"
    while read -r project; do
        seconds=$(project_seconds "$project")
        [[ $kind == fast || $project != */Lab.Tests.csproj ]] || test_project "$project" "$results" "$seconds" "$(filter)"
        add_project "$project" "$results" "$seconds" "$may_be_empty"
    done < <(projects)
    if ((TESTS_PASSED + TESTS_FAILED == 0)); then fail_run "not one test fits '$expression'"; fi
}

read_options "$@"
results=$repository/TestResults
rm -rf "$results"
mkdir -p "$results"
if prepare; then run_all; fi
[[ ! -f $results/figures.txt ]] || cat "$results/figures.txt"
print_sum
