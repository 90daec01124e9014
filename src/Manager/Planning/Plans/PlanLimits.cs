// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Planning.Plans;

/// <summary>What keeps a plan within a few seconds of work.</summary>
internal static class PlanLimits
{
    /// <summary>Turns of the engine.</summary>
    public const int Turns = 20_000;

    /// <summary>Replicas looked at, summed over all turns: a turn looks at every replica of the services that it plans.</summary>
    public const long Looks = 1_000_000;

    /// <summary>Actions kept for each service.</summary>
    public const int Actions = 25_000;

    /// <summary>How far it looks ahead. A rollout's rests may be a day each.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromDays(7);

    /// <summary>States kept for each service to say why an old replica had to stop first.</summary>
    public const int StatesKept = 16;
}
