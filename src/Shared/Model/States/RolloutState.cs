// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>How far a rollout has come. All but <see cref="Running"/> are ends.</summary>
public enum RolloutState
{
    /// <summary>Under way.</summary>
    Running = 1,

    /// <summary>Every replica runs the revision and is healthy.</summary>
    Succeeded = 2,

    /// <summary>Halted with a reason; what ran before was kept.</summary>
    Failed = 3,

    /// <summary>A newer one took its place.</summary>
    Superseded = 4,
}
