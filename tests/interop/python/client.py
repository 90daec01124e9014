# SPDX-License-Identifier: Apache-2.0
"""client.py PROTO ADDRESS [tls=ROOT.PEM]: runs the case that each line of its standard input names, as client.js does."""
import sys
import traceback

import grpc

import cases
from protocol import flag, load, report


def main():
    root = flag("tls")
    if root:
        channel = grpc.secure_channel(sys.argv[2], grpc.ssl_channel_credentials(open(root, "rb").read()))
    else:
        channel = grpc.insecure_channel(sys.argv[2])
    stub = cases.Stub(channel, load(sys.argv[1]))
    report({"event": "ready"})
    for line in sys.stdin:
        name = line.strip()
        try:
            getattr(cases, name)(stub)
            report({"case": name})
        except Exception:  # pylint: disable=broad-except
            report({"case": name, "error": traceback.format_exc()})


main()
