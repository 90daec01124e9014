// SPDX-License-Identifier: Apache-2.0
// The test web server of the lab's images: a small real HTTP server whose faults are chosen by its environment.
#include <stdio.h>
#include <string.h>

#include "health.h"
#include "server.h"
#include "settings.h"

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0); // a line at a time, so that `docker logs` sees it at once
    struct settings settings = read_settings();
    if (argc > 1 && strcmp(argv[1], "--health") == 0)
        return check_health(settings.port);
    switch (settings.behaviour) {
    case EXIT_0_AT_ONCE:
        puts("web: nothing to do");
        return 0;
    case EXIT_1_AT_ONCE:
        fputs("web: cannot start, as told\n", stderr);
        return 1;
    default:
        return serve(&settings);
    }
}
