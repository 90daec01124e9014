// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>How a read is answered: how fresh, and whether it waits for a change.</summary>
/// <param name="Mode">How fresh.</param>
/// <param name="Index">Wait until the answer is newer than this index; 0 answers at once.</param>
/// <param name="Wait">How long to wait at most, up to ten minutes; without meaning when <paramref name="Index"/> is 0.</param>
public readonly record struct ReadOptions(ConsistencyMode Mode, ulong Index = 0, TimeSpan Wait = default)
{
    /// <summary>At once, <see cref="ConsistencyMode.Default"/>.</summary>
    public static ReadOptions Default => new(ConsistencyMode.Default);

    /// <summary>At once, <see cref="ConsistencyMode.Consistent"/>.</summary>
    public static ReadOptions Consistent => new(ConsistencyMode.Consistent);

    /// <summary>At once, <see cref="ConsistencyMode.Stale"/>.</summary>
    public static ReadOptions Stale => new(ConsistencyMode.Stale);
}
