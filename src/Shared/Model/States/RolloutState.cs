// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>How far a rollout has come. All but <see cref="Running"/> are ends.</summary>
public enum RolloutState
{
    /// <summary>Under way.</summary>
    Running = 1,

    /// <summary>Every replica runs the revision and is healthy.</summary>
    Succeeded = 2,

    /// <summary>Halted with a reason; there was nothing to go back to, or the policy says to halt.</summary>
    Failed = 3,

    /// <summary>A newer one took its place.</summary>
    Superseded = 4,

    /// <summary>It failed, and every replica runs the revision before and is healthy.</summary>
    RolledBack = 5,

    /// <summary>It failed, and the way back came to no end within its deadline.</summary>
    RollbackFailed = 6,

    /// <summary>An operator ended it; the revision before runs, where there was one.</summary>
    Aborted = 7,
}
