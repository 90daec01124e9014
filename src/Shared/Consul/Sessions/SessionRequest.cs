// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>A session to create: it ends when one of its checks turns critical or its node is deregistered.</summary>
public sealed record SessionRequest
{
    /// <summary>A name for people. Default empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>
    /// Checks of the agent's node that must pass; default only <c>serfHealth</c>. Never empty: a dead machine would not be noticed.
    /// A check of one's own belongs to a service instead: a critical one of the node hides every service on it.
    /// </summary>
    public IReadOnlyList<string> NodeChecks { get; init; } = ["serfHealth"];

    /// <summary>Ids of service checks that must pass. Default none.</summary>
    public IReadOnlyList<string> ServiceChecks { get; init; } = [];

    /// <summary>How long a lock stays closed after its session ended. Default zero: it is no safety, the fence is.</summary>
    public TimeSpan LockDelay { get; init; }

    /// <summary>True deletes the locked keys when the session ends instead of releasing them. Default false.</summary>
    public bool DeleteOnEnd { get; init; }

    /// <summary>
    /// The session ends between one and two of these after its last renewal; Consul wants 10 s to 24 h. Null (default): its checks
    /// alone decide, which is much quicker.
    /// </summary>
    public TimeSpan? Ttl { get; init; }
}
