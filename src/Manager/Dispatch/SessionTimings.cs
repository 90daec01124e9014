// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Dispatch;

/// <summary>The rhythm of an agent's session.</summary>
internal static class SessionTimings
{
    /// <summary>Time between heartbeats, both ways.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(500);

    /// <summary>Silence after which either side gives the session up.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(2500);

    /// <summary>Time the agent has for its first message.</summary>
    public static readonly TimeSpan Hello = TimeSpan.FromSeconds(5);
}
