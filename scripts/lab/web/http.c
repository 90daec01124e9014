// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum parse_result parse_request(const char *data, struct request *request, size_t *used)
{
    const char *end = strstr(data, "\r\n\r\n");
    if (end == NULL)
        return PARSE_INCOMPLETE;
    int minor = 0;
    if (sscanf(data, "%15s %1023s HTTP/1.%d", request->method, request->path, &minor) != 3)
        return PARSE_MALFORMED;
    // Only the head is searched: a pipelined request behind it has a Connection header of its own.
    char *head = strndup(data, (size_t)(end - data));
    if (head == NULL)
        return PARSE_MALFORMED;
    bool says_close = strcasestr(head, "\r\nConnection: close") != NULL;
    bool says_keep_alive = strcasestr(head, "\r\nConnection: keep-alive") != NULL;
    free(head);
    request->keep_alive = minor >= 1 ? !says_close : says_keep_alive;
    *used = (size_t)(end - data) + 4;
    return PARSE_COMPLETE;
}

long query_number(const char *path, const char *name, long otherwise)
{
    const char *query = strchr(path, '?');
    size_t length = strlen(name);
    while (query != NULL) {
        query++;
        if (strncmp(query, name, length) == 0 && query[length] == '=')
            return strtol(query + length + 1, NULL, 10);
        query = strchr(query, '&');
    }
    return otherwise;
}

static const char *reason_of(int status)
{
    switch (status) {
    case 200: return "OK";
    case 400: return "Bad Request";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    default: return "Service Unavailable";
    }
}

static bool send_all(int fd, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(fd, data, length, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        data += sent;
        length -= (size_t)sent;
    }
    return true;
}

bool send_response(int fd, int status, const char *body, bool without_body, bool keep_alive)
{
    char response[2048];
    int length = snprintf(response, sizeof response,
        "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\nConnection: %s\r\n\r\n%s",
        status, reason_of(status), strlen(body), keep_alive ? "keep-alive" : "close", without_body ? "" : body);
    // One send, so that head and body leave in one packet.
    return length > 0 && (size_t)length < sizeof response && send_all(fd, response, (size_t)length);
}
