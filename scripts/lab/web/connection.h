// SPDX-License-Identifier: Apache-2.0
// One thread per connection; the counters and phases that all of them share.
#pragma once
#include "settings.h"

enum phase {
    SERVING,  // everything is answered, connections are kept
    DRAINING, // health fails; everything is answered, and each answer closes its connection
    ENDING,   // idle connections are closed; only open requests are finished
};

// Must be called once before the first connection.
void connections_init(const struct settings *settings);

// Takes ownership of the socket.
void connection_start(int fd);

// Phases only move forward.
void connections_enter(enum phase phase);

// Waits until no connection is left or the time is up; returns how many are left.
int connections_wait(int timeout_ms);
