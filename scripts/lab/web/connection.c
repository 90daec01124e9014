// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "connection.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "http.h"

static const struct settings *settings;
static struct timespec started;
static _Atomic int phase = SERVING;
static int ending_fd; // readable for ever once the phase is ENDING
static pthread_mutex_t open_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t open_changed = PTHREAD_COND_INITIALIZER;
static int open_count;

static long age_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (now.tv_sec - started.tv_sec) * 1000 + (now.tv_nsec - started.tv_nsec) / 1000000;
}

static void count_open(int change)
{
    pthread_mutex_lock(&open_mutex);
    open_count += change;
    pthread_cond_broadcast(&open_changed);
    pthread_mutex_unlock(&open_mutex);
}

static void sleep_ms(long ms)
{
    struct timespec left = { ms / 1000, (ms % 1000) * 1000000 };
    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        continue;
}

static bool path_is(const struct request *request, const char *path)
{
    size_t length = strlen(path);
    return strncmp(request->path, path, length) == 0 && (request->path[length] == '\0' || request->path[length] == '?');
}

// Fills in the body and returns the status.
static int answer(const struct request *request, char *body, size_t size)
{
    if (strcmp(request->method, "GET") != 0 && strcmp(request->method, "HEAD") != 0) {
        snprintf(body, size, "{\"error\":\"only GET and HEAD\"}\n");
        return 405;
    }
    if (path_is(request, "/healthz")) {
        bool healthy = phase == SERVING && is_healthy_by_behaviour(settings, age_ms());
        snprintf(body, size, "{\"healthy\":%s}\n", healthy ? "true" : "false");
        return healthy ? 200 : 503;
    }
    bool slow = path_is(request, "/slow");
    if (!slow && !path_is(request, "/")) {
        snprintf(body, size, "{\"error\":\"not found\"}\n");
        return 404;
    }
    if (slow)
        sleep_ms(query_number(request->path, "ms", 1000));
    const char *quote = settings->slot != NULL ? "\"" : "";
    snprintf(body, size, "{\"version\":\"%s\",\"host\":\"%s\",\"slot\":%s%s%s}\n",
        settings->version, settings->host, quote, settings->slot != NULL ? settings->slot : "null", quote);
    return 200;
}

// Answers one request; false when the connection is to be closed.
static bool handle(int fd, const struct request *request)
{
    char body[1024];
    int status = answer(request, body, sizeof body);
    // Judged after the answer is known: a drain that began meanwhile must close this connection too.
    bool keep_alive = request->keep_alive && phase == SERVING;
    return send_response(fd, status, body, strcmp(request->method, "HEAD") == 0, keep_alive) && keep_alive;
}

// Waits for more bytes; false when the peer is gone or the server is ending.
static bool receive(int fd, char *buffer, size_t *filled)
{
    struct pollfd waits[] = { { .fd = fd, .events = POLLIN }, { .fd = ending_fd, .events = POLLIN } };
    while (poll(waits, 2, -1) < 0)
        if (errno != EINTR)
            return false;
    if (waits[0].revents == 0)
        return false;
    ssize_t got = recv(fd, buffer + *filled, REQUEST_BYTES_MAX - *filled, 0);
    if (got <= 0)
        return false;
    *filled += (size_t)got;
    buffer[*filled] = '\0';
    return true;
}

static void converse(int fd)
{
    char buffer[REQUEST_BYTES_MAX + 1] = "";
    size_t filled = 0;
    for (;;) {
        struct request request;
        size_t used = 0;
        enum parse_result result = parse_request(buffer, &request, &used);
        if (result == PARSE_MALFORMED || (result == PARSE_INCOMPLETE && filled == REQUEST_BYTES_MAX)) {
            send_response(fd, 400, "{\"error\":\"malformed\"}\n", false, false);
            return;
        }
        if (result == PARSE_INCOMPLETE) {
            if (!receive(fd, buffer, &filled))
                return;
            continue;
        }
        if (!handle(fd, &request))
            return;
        filled -= used;
        memmove(buffer, buffer + used, filled + 1);
    }
}

static void *run_connection(void *argument)
{
    int fd = (int)(intptr_t)argument;
    converse(fd);
    shutdown(fd, SHUT_WR);
    close(fd);
    count_open(-1);
    return NULL;
}

void connections_init(const struct settings *of)
{
    settings = of;
    clock_gettime(CLOCK_MONOTONIC, &started);
    ending_fd = eventfd(0, EFD_CLOEXEC);
}

void connection_start(int fd)
{
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, 128 * 1024);
    count_open(+1);
    if (pthread_create(&thread, &attributes, run_connection, (void *)(intptr_t)fd) != 0) {
        close(fd);
        count_open(-1);
    }
    pthread_attr_destroy(&attributes);
}

void connections_enter(enum phase next)
{
    phase = next;
    uint64_t one = 1;
    if (next == ENDING && write(ending_fd, &one, sizeof one) < 0)
        perror("web: eventfd");
}

int connections_wait(int timeout_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += timeout_ms / 1000;
    until.tv_nsec += (timeout_ms % 1000) * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000L;
    }
    pthread_mutex_lock(&open_mutex);
    while (open_count > 0 && pthread_cond_timedwait(&open_changed, &open_mutex, &until) == 0)
        continue;
    int left = open_count;
    pthread_mutex_unlock(&open_mutex);
    return left;
}
