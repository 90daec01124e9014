// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Session;

/// <summary>What becomes of an update.</summary>
internal enum GateVerdict
{
    /// <summary>Store it and act upon it.</summary>
    Accept,

    /// <summary>There is a gap: ask for a complete one.</summary>
    NeedComplete,

    /// <summary>Another cluster speaks: refuse for good.</summary>
    OtherCluster,

    /// <summary>Older than what is on our disk: a deposed leader or a lost state. Refuse.</summary>
    Stale,

    /// <summary>The cluster's state began a new life that no operator has confirmed here. Refuse until confirmed.</summary>
    UnconfirmedIncarnation,
}
