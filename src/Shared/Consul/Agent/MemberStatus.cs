// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>How gossip sees a member; the numbers are the wire's.</summary>
public enum MemberStatus
{
    /// <summary>Not known.</summary>
    None = 0,

    /// <summary>Answers.</summary>
    Alive = 1,

    /// <summary>Says good-bye.</summary>
    Leaving = 2,

    /// <summary>Has gone on purpose.</summary>
    Left = 3,

    /// <summary>Does not answer.</summary>
    Failed = 4,
}
