// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Time;

namespace ClusterManager.Hosting.Processes;

/// <summary>When a role that ended is started again. Pure; times count from the supervisor's own start.</summary>
/// <param name="Failures">Ends in a row without a long run between them.</param>
/// <param name="DueAt">Not before this moment.</param>
internal sealed record RestartSchedule(int Failures, TimeSpan DueAt)
{
    /// <summary>Start at once.</summary>
    internal static RestartSchedule Now { get; } = new(0, TimeSpan.Zero);

    /// <summary>After an end that nobody asked for: 1, 2, 4, 8, 10, 10 s, and from the beginning after a long run.</summary>
    internal RestartSchedule AfterEnd(TimeSpan ranFor, TimeSpan now, HostSupervisorOptions options)
    {
        var failures = ranFor >= options.StableAfter ? 1 : Failures + 1;
        return new RestartSchedule(failures, now + options.Restart.After("", failures));
    }
}
