// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Time;

namespace ClusterManager.Hosting.Processes;

/// <summary>How <see cref="HostSupervisor"/> keeps time. The defaults are right for machines; tests make them shorter.</summary>
public sealed record HostSupervisorOptions
{
    /// <summary>How often processes and files are looked at; 200 ms unless set, at most 500 ms.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The waits before restarts; 1 s doubling to 10 s unless set. No jitter: there is one supervisor per machine.</summary>
    public Backoff Restart { get; init; } = new() { First = TimeSpan.FromSeconds(1), Cap = TimeSpan.FromSeconds(10), JitterRatio = 0 };

    /// <summary>A process that ran this long begins again at the shortest wait; 30 s unless set.</summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The size at which a role's captured output is moved to <c>NAME.out.1</c>, in bytes; 10 MB unless set.</summary>
    public long OutputMaxBytes { get; init; } = 10 * 1024 * 1024;
}
