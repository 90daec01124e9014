// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>What an operator allows a node to do. Persisted.</summary>
public enum NodeAvailability
{
    /// <summary>Takes allocations.</summary>
    Active = 1,

    /// <summary>Keeps what it has and takes no more.</summary>
    Paused = 2,

    /// <summary>Is to be emptied.</summary>
    Drained = 3,
}
