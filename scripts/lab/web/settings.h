// SPDX-License-Identifier: Apache-2.0
// What one run of the test web server does; all of it comes from the environment.
#pragma once
#include <stdbool.h>

enum behaviour {
    BEHAVE_WELL,
    EXIT_0_AT_ONCE,
    EXIT_1_AT_ONCE,
    ALWAYS_UNHEALTHY,
    UNHEALTHY_AFTER_5S,
    CRASH_AFTER_3S,
    IGNORE_SIGTERM,
};

struct settings {
    const char *version;      // WEB_VERSION, default "0"
    const char *slot;         // CLUSTER_SLOT, NULL when unset
    char host[256];           // the container's host name
    enum behaviour behaviour; // WEB_BEHAVIOUR, default "ok"
    int port;                 // PORT, default 8080
    int drain_ms;             // WEB_DRAIN_MS, default 500: how long after SIGTERM new requests are still answered
    int grace_ms;             // WEB_GRACE_MS, default 9000: how long after that open requests may take
};

// Reads the environment; ends the process with status 2 and a sentence when a value is not understood.
struct settings read_settings(void);

// Whether GET /healthz answers 200 at this age of the process (a draining server is never healthy; that is judged elsewhere).
bool is_healthy_by_behaviour(const struct settings *settings, long age_ms);
