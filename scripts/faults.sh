#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes docs/faults.md of what the last test run recorded (TestResults/faults-*.jsonl, or the folder CLUSTER_FAULTS_DIR). Rows of
# tests that did not run this time are kept as they are in the page.
# usage: scripts/test.sh --filter FullyQualifiedName~Faults && scripts/faults.sh
#   further rows are recorded by tests named Recovery, Quorum, TwoAtOnce, RestoredState, ProtocolReal and LongOutage
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

exec python3 - "${CLUSTER_FAULTS_DIR:-TestResults}" docs/faults.md <<'PYTHON'
import glob, json, os, sys

HEAD = """# Faults

What the cluster does under hostile conditions, each row written by the test that saw it (`tests/Lab.Tests`; what needs other versions
or old certificates in `tests/Manager.Tests`, on a real manager and Consul), collected by `scripts/faults.sh`. The state is the desired
one: the digest before the fault, and after it was gone; a test whose digests differ fails. Containers that the fault itself does not
end are not touched in any of them, but where a row says after how long they are replaced.

| fault | what the operator is told, and where | state before | after | our processes | test |
|---|---|---|---|---|---|
"""

folder, page = sys.argv[1:]
rows = {}
if os.path.exists(page):
    for line in open(page, encoding="utf-8"):
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if len(cells) == 6 and cells[0] != "fault":
            rows[cells[0]] = cells
recorded = 0
for path in sorted(glob.glob(os.path.join(folder, "faults-*.jsonl")), key=os.path.getmtime):
    for line in open(path, encoding="utf-8"):
        row = json.loads(line)
        cells = [row["fault"], row["reason"], row["before"], row["after"], row["alive"], f"`{row['in_']}.{row['test']}`"]
        rows[row["fault"]] = [cell.replace("|", "/").replace("\n", " ") for cell in cells]
        recorded += 1
if not rows:
    sys.exit(f"error: no row in {folder}/faults-*.jsonl; run the tests of faults first")
with open(page, "w", encoding="utf-8") as out:
    out.write(HEAD)
    for key in sorted(rows, key=str.lower):
        out.write("| " + " | ".join(rows[key]) + " |\n")
print(f"{page}: {len(rows)} rows, {recorded} of them recorded now")
PYTHON
