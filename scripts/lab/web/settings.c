// SPDX-License-Identifier: Apache-2.0
#include "settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct { const char *name; enum behaviour behaviour; } behaviours[] = {
    { "ok", BEHAVE_WELL },
    { "exit0", EXIT_0_AT_ONCE },
    { "exit1", EXIT_1_AT_ONCE },
    { "unhealthy", ALWAYS_UNHEALTHY },
    { "unhealthy-after-5s", UNHEALTHY_AFTER_5S },
    { "crash-after-3s", CRASH_AFTER_3S },
    { "ignores-sigterm", IGNORE_SIGTERM },
};

static enum behaviour parse_behaviour(const char *text)
{
    for (size_t i = 0; i < sizeof behaviours / sizeof *behaviours; i++)
        if (strcmp(text, behaviours[i].name) == 0)
            return behaviours[i].behaviour;
    fprintf(stderr, "web: WEB_BEHAVIOUR '%s' is unknown\n", text);
    exit(2);
}

static const char *text_or(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value != NULL && *value != '\0' ? value : otherwise;
}

static int number_or(const char *name, int otherwise, int max)
{
    const char *text = text_or(name, NULL);
    if (text == NULL)
        return otherwise;
    char *end;
    long value = strtol(text, &end, 10);
    if (*end != '\0' || value < 0 || value > max) {
        fprintf(stderr, "web: %s must be a number from 0 to %d, not '%s'\n", name, max, text);
        exit(2);
    }
    return (int)value;
}

struct settings read_settings(void)
{
    struct settings settings = {
        .version = text_or("WEB_VERSION", "0"),
        .slot = text_or("CLUSTER_SLOT", NULL),
        .behaviour = parse_behaviour(text_or("WEB_BEHAVIOUR", "ok")),
        .port = number_or("PORT", 8080, 65535),
        .drain_ms = number_or("WEB_DRAIN_MS", 500, 3600000),
        .grace_ms = number_or("WEB_GRACE_MS", 9000, 3600000),
    };
    gethostname(settings.host, sizeof settings.host - 1);
    return settings;
}

bool is_healthy_by_behaviour(const struct settings *settings, long age_ms)
{
    switch (settings->behaviour) {
    case ALWAYS_UNHEALTHY: return false;
    case UNHEALTHY_AFTER_5S: return age_ms < 5000;
    default: return true;
    }
}
