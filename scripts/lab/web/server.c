// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "server.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "connection.h"

enum { CRASH_STATUS = 70 };

static int listen_on(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int yes = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((unsigned short)port) };
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 1024) != 0) {
        perror("web: cannot listen");
        exit(1);
    }
    return fd;
}

static void accept_all(int listener)
{
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0)
            return;
        int yes = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        connection_start(fd);
    }
}

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// Accepts until the time is up (-1: never) or a signal arrives on signals (-1: none awaited). True when it was the signal.
static bool accept_until(int listener, int signals, long duration_ms)
{
    long end = now_ms() + duration_ms;
    for (;;) {
        long left = duration_ms < 0 ? -1 : end - now_ms();
        if (duration_ms >= 0 && left <= 0)
            return false;
        struct pollfd waits[] = { { .fd = listener, .events = POLLIN }, { .fd = signals, .events = POLLIN } };
        if (poll(waits, 2, (int)left) < 0 && errno != EINTR)
            return false;
        if (waits[0].revents != 0)
            accept_all(listener);
        if (waits[1].revents != 0)
            return true;
    }
}

static int drain(const struct settings *settings, int listener)
{
    puts("web: draining");
    connections_enter(DRAINING);
    accept_until(listener, -1, settings->drain_ms);
    accept_all(listener); // whoever is already in the backlog would be reset by the close
    close(listener);
    connections_enter(ENDING);
    int left = connections_wait(settings->grace_ms);
    printf("web: ended with %d connections cut\n", left);
    return left == 0 ? 0 : 1;
}

// The end signals as a descriptor, blocked in every thread that is started later.
static int end_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC);
}

int serve(const struct settings *settings)
{
    int signals = end_signals();
    if (settings->behaviour == IGNORE_SIGTERM)
        signals = -1; // blocked and never read: as good as ignored
    connections_init(settings);
    int listener = listen_on(settings->port);
    printf("web: version %s listens on port %d\n", settings->version, settings->port);
    if (!accept_until(listener, signals, settings->behaviour == CRASH_AFTER_3S ? 3000 : -1)) {
        fputs("web: crashed as told\n", stderr);
        return CRASH_STATUS;
    }
    return drain(settings, listener);
}
