// SPDX-License-Identifier: Apache-2.0
#include "health.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static const char request[] = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

int check_health(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct timeval limit = { .tv_sec = 1 };
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((unsigned short)port) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    char answer[256] = "";
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0
        || send(fd, request, sizeof request - 1, MSG_NOSIGNAL) < 0
        || recv(fd, answer, sizeof answer - 1, 0) <= 0) {
        puts("no answer");
        return 1;
    }
    close(fd);
    answer[strcspn(answer, "\r\n")] = '\0';
    puts(answer);
    return strncmp(answer, "HTTP/1.1 200", 12) == 0 ? 0 : 1;
}
