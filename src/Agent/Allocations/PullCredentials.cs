// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Allocations;

/// <summary>
/// Where a pull gets what its registry wants to see: from the leader, at the moment when it begins, and nowhere else. Nothing is kept.
/// Thread-safe.
/// </summary>
internal sealed class PullCredentials
{
    private volatile Func<string, CancellationToken, Task<string?>>? _ask;

    /// <summary>The value of the registry's authentication header; null: there is none, or no leader to ask.</summary>
    /// <param name="image">What is about to be pulled or looked up.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<string?> FindAsync(string image, CancellationToken cancellationToken) =>
        _ask is { } ask ? ask(image, cancellationToken) : Task.FromResult<string?>(null);

    /// <summary>A session that can be asked has begun.</summary>
    public void Open(Func<string, CancellationToken, Task<string?>> ask) => _ask = ask;

    /// <summary>It is over, unless a newer one has begun.</summary>
    public void Close(Func<string, CancellationToken, Task<string?>> ask) => Interlocked.CompareExchange(ref _ask, null, ask);
}
