// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>One run of a health check's command; the engine keeps the last five.</summary>
/// <param name="Start">When it began.</param>
/// <param name="End">When it ended.</param>
/// <param name="ExitCode">0 for success; -1 when it took too long or could not be run.</param>
/// <param name="Output">The first 4096 bytes of what it wrote.</param>
public sealed record HealthProbe(DateTimeOffset Start, DateTimeOffset End, int ExitCode, string Output);
