// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>How many replicas run the new revision when a canary's step is reached.</summary>
public sealed record UpdateStep
{
    /// <summary>Replicas, 1 to 10,000, or percent of them, 1 to 100.</summary>
    public required int Amount { get; init; }

    /// <summary>The amount is a percentage; of it at least one replica.</summary>
    public bool IsPercent { get; init; }

    /// <summary>Replicas of the new revision, of so many.</summary>
    public int Of(int replicas) => Math.Min(replicas, IsPercent ? Math.Max(1, (int)((long)replicas * Amount / 100)) : Amount);
}
