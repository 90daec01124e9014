// SPDX-License-Identifier: Apache-2.0
#pragma once

// The image's HEALTHCHECK: asks the server in the same container for /healthz. 0 when it answers 200, else 1.
int check_health(int port);
