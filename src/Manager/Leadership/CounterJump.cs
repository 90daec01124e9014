// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Leadership;

/// <summary>
/// By how much the counters of a later life of the state are ahead of those of the one before: what was given away after the backup, or is
/// only on agents' disks, is never given again. Nobody makes a million services, or replaces a replica a hundred thousand times, between
/// two restores.
/// </summary>
/// <param name="ServiceIds">Service ids of this life are above it.</param>
/// <param name="NodeOrdinals">Ordinals of new nodes are above it.</param>
/// <param name="GenerationFloor">Generations are above it.</param>
internal sealed record CounterJump(long ServiceIds, int NodeOrdinals, int GenerationFloor)
{
    /// <summary>How far the number of a service's next revision is moved on.</summary>
    public const int Revisions = 100;

    private const long LivesMax = 20_000;

    /// <summary>The jump for a life of the state, from 1; the first has none.</summary>
    public static CounterJump Of(long incarnation)
    {
        var earlier = Math.Clamp(incarnation - 1, 0, LivesMax);
        return new CounterJump(earlier * 1_000_000, (int)earlier * 1000, (int)earlier * 100_000);
    }
}
