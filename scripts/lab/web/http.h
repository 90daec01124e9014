// SPDX-License-Identifier: Apache-2.0
// As much of HTTP/1.1 as a test server needs: GET and HEAD, keep-alive, pipelining, no request bodies.
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum { REQUEST_BYTES_MAX = 8192, PATH_BYTES_MAX = 1024 };

struct request {
    char method[16];
    char path[PATH_BYTES_MAX]; // with its query
    bool keep_alive;           // what the client wishes: HTTP/1.1 unless "Connection: close"
};

enum parse_result { PARSE_COMPLETE, PARSE_INCOMPLETE, PARSE_MALFORMED };

// Reads one request from the start of data (NUL-terminated); *used is its length in bytes when it is complete.
enum parse_result parse_request(const char *data, struct request *request, size_t *used);

// The number behind "name=" in the path's query, or `otherwise`.
long query_number(const char *path, const char *name, long otherwise);

// Sends a whole JSON response; without_body for HEAD. False when the peer is gone.
bool send_response(int fd, int status, const char *body, bool without_body, bool keep_alive);
