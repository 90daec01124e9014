// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "settings.h"

// Serves until SIGTERM or SIGINT, drains, and returns the process's exit status.
int serve(const struct settings *settings);
