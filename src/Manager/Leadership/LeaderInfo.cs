// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Leadership;

/// <summary>Who holds the lock, as this manager's Consul agent last heard.</summary>
/// <param name="IsHeld">A session holds the lock.</param>
/// <param name="NodeId">The leader's node id; empty: unknown.</param>
/// <param name="Name">The leader's node name.</param>
/// <param name="Address">Its API, <c>host:port</c>; empty: unknown.</param>
/// <param name="Term">The lock's <c>LockIndex</c>.</param>
internal sealed record LeaderInfo(bool IsHeld, string NodeId, string Name, string Address, long Term)
{
    /// <summary>Nobody is known to lead.</summary>
    public static LeaderInfo None { get; } = new(false, "", "", "", 0);
}
