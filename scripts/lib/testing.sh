# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Runs test projects and adds up what they say. Sourced, never run. Needs common.sh.

TESTS_PASSED=0 TESTS_FAILED=0 TESTS_SKIPPED=0
TEST_PROBLEMS=() # lines to print above the sum

# test_project PROJECT RESULTS SECONDS FILTER: runs what FILTER leaves of it ('' for all), for at most SECONDS; what it ended with and how
# long it took is left beside its log. Several projects may run at once.
test_project() {
    local project=$1 results=$2 seconds=$3 filter=$4 name started=$SECONDS code=0
    name=$(basename "$project" .csproj)
    rm -f "$results/$name.trx"
    # A single test that hangs is named and ends its project early; the outer bound catches all else.
    local command=(timeout --kill-after=20 "$seconds" dotnet test "$project" -c Release --no-build --nologo -v quiet
        --results-directory "$results" --logger "trx;LogFileName=$name.trx"
        --blame-hang-timeout "$((seconds / 2))s" --blame-hang-dump-type none)
    [[ -z $filter ]] || command+=(--filter "$filter")
    "${command[@]}" </dev/null >"$results/$name.log" 2>&1 || code=$?
    printf '%d %d\n' "$code" $((SECONDS - started)) >"$results/$name.ended"
}

# add_project PROJECT RESULTS SECONDS MAY_BE_EMPTY: adds what test_project left to the sum.
add_project() {
    local project=$1 results=$2 seconds=$3 may_be_empty=$4 name code took started=$SECONDS
    name=$(basename "$project" .csproj)
    read -r code took <"$results/$name.ended"
    if passes_again "$project" "$results" "$seconds" "$code"; then
        add_second_try "$name" "$results/$name.trx"
    else
        add_results "$name" "$results/$name.trx" "$results/$name.log" "$code" "$may_be_empty"
    fi
    printf '%-16s %4d s   %s\n' "$name" $((took + SECONDS - started)) "$LAST_COUNTS"
}

# passes_again PROJECT RESULTS SECONDS CODE: up to five failed tests of a project are run once more by themselves. Real processes that
# lose their power beside each other on two cores are late now and then; a test that fails twice has failed. Each is named in the output.
passes_again() {
    local project=$1 results=$2 seconds=$3 code=$4 trx failed names filter
    trx=$results/$(basename "$project" .csproj).trx
    [[ $code -eq 1 && -f $trx ]] || return 1
    read -r _ failed _ < <(trx_counts "$trx")
    ((failed >= 1 && failed <= 5)) || return 1
    names=$(grep -oE '<UnitTestResult [^>]*outcome="Failed"[^>]*' "$trx" | grep -oE 'testName="[^"(]*' | cut -d'"' -f2 | sort -u)
    [[ -n $names ]] || return 1
    printf 'once more: %s\n' $names
    filter=$(printf 'FullyQualifiedName~%s|' $names)
    timeout --kill-after=20 "$seconds" dotnet test "$project" -c Release --no-build --nologo -v quiet --filter "${filter%|}" \
        </dev/null >"$results/second-try.log" 2>&1
}

# add_second_try NAME TRX: what failed first has passed since.
add_second_try() {
    local passed failed skipped
    read -r passed failed skipped < <(trx_counts "$2")
    TESTS_PASSED=$((TESTS_PASSED + passed + failed)) TESTS_SKIPPED=$((TESTS_SKIPPED + skipped))
    if ((skipped > 0)) && [[ ${CI:-} == true ]]; then
        TESTS_FAILED=$((TESTS_FAILED + 1))
        TEST_PROBLEMS+=("$1: $skipped tests were skipped, which CI does not accept")
    fi
    LAST_COUNTS=$(counts_line "$((passed + failed))" 0 "$skipped")
}

# add_results NAME TRX LOG CODE MAY_BE_EMPTY: a project that ran nothing, or broke without naming a test, is one failure.
add_results() {
    local name=$1 trx=$2 log=$3 code=$4 may_be_empty=$5 passed=0 failed=0 skipped=0
    [[ ! -f $trx ]] || read -r passed failed skipped < <(trx_counts "$trx")
    if ((failed > 0)); then
        TEST_PROBLEMS+=("$(trx_failures "$trx" "$name")")
    fi
    if ((code == 124 || code == 137)); then
        failed=$((failed + 1))
        TEST_PROBLEMS+=("$name: did not end in its time" "$(tail -n 20 "$log")")
    elif ((code != 0 && failed == 0)); then
        failed=1
        TEST_PROBLEMS+=("$name: broke off with $code" "$(tail -n 20 "$log")")
    elif ((passed + failed == 0)) && [[ $may_be_empty != yes ]]; then
        failed=1
        TEST_PROBLEMS+=("$name: not one test ran" "$(tail -n 5 "$log")")
    fi
    if ((skipped > 0)) && [[ $name == Lab.Tests && ${CI:-} == true ]]; then
        failed=$((failed + 1))
        TEST_PROBLEMS+=("$name: $skipped tests were skipped, which CI does not accept")
    fi
    TESTS_PASSED=$((TESTS_PASSED + passed)) TESTS_FAILED=$((TESTS_FAILED + failed)) TESTS_SKIPPED=$((TESTS_SKIPPED + skipped))
    LAST_COUNTS=$(counts_line "$passed" "$failed" "$skipped")
}

# fail_run WHAT: something other than a test failed.
fail_run() {
    TESTS_FAILED=$((TESTS_FAILED + 1))
    TEST_PROBLEMS+=("$1")
}

counts_line() {
    printf '%d passed, %d failed' "$1" "$2"
    (($3 == 0)) || printf ', %d skipped' "$3"
    printf '\n'
}

# print_sum: problems, then the sum alone on the last line; 1 when anything failed.
print_sum() {
    if ((${#TEST_PROBLEMS[@]} > 0)); then
        printf '\n'
        printf '%s\n' "${TEST_PROBLEMS[@]}"
        printf '\n'
    fi
    counts_line "$TESTS_PASSED" "$TESTS_FAILED" "$TESTS_SKIPPED"
    ((TESTS_FAILED == 0))
}

# trx_counts FILE: "PASSED FAILED SKIPPED". The file's own count of skipped ones is always 0: they are those not executed.
trx_counts() {
    awk '
        /<Counters / {
            total = number("total"); executed = number("executed"); passed = number("passed")
            print passed + 0, executed - passed, total - executed
            found = 1
            exit
        }
        END { if (!found) print 0, 0, 0 }
        function number(name) {
            if (!match($0, " " name "=\"[0-9]+\"")) return 0
            return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
        }
    ' "$1"
}

# trx_failures FILE PROJECT: the name of each failed test, and the first lines of what it said.
trx_failures() {
    awk -v project="$2" '
        /<UnitTestResult / {
            failed = /outcome="Failed"/
            if (failed && match($0, /testName="[^"]*"/)) print project ": " plain(substr($0, RSTART + 10, RLENGTH - 11))
            lines = 0
        }
        failed && /<Message>/ { inside = 1; sub(/.*<Message>/, "") }
        inside {
            last = /<\/Message>/
            sub(/<\/Message>.*/, "")
            if (++lines <= 12 && $0 != "") print "    " plain($0)
            if (last) { inside = 0; failed = 0 }
        }
        function plain(text) {
            gsub(/&#x[0-9A-Fa-f]+;/, "", text); gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text)
            gsub(/&quot;/, "\"", text); gsub(/&apos;/, "\047", text); gsub(/&amp;/, "\\&", text)
            return substr(text, 1, 400)
        }
    ' "$1"
}
