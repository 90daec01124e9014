// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>How fresh a read must be.</summary>
public enum ConsistencyMode
{
    /// <summary>The leader answers from its lease: fresh but for a moment around a change of leader.</summary>
    Default,

    /// <summary>The leader asks its quorum first: never stale; one round trip dearer.</summary>
    Consistent,

    /// <summary>Any server answers, also without a leader: possibly old.</summary>
    Stale,
}
