// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Agent.Allocations;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Logging;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Agent.Node;

/// <summary>
/// Keeps attempts, ends and ports on disk (<c>agent/allocations.json</c>), at most twice a second. Losing the newest half second costs a
/// count,
/// never a container: what runs is found by its labels.
/// </summary>
/// <param name="paths">Where.</param>
/// <param name="board">What to keep.</param>
/// <param name="clock">The clock.</param>
/// <param name="logger">For a disk that refuses.</param>
/// <param name="files">The disk; null: this machine's.</param>
internal sealed partial class FactsKeeper(
    ClusterPaths paths, StatusBoard board, AgentClock clock, ILogger<FactsKeeper> logger, AtomicFiles? files = null)
{
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);
    private readonly SealedJsonFile<StoredAllocations> _file =
        new(Path.Combine(paths.AgentDirectory, "allocations.json"), AgentJson.Default.StoredAllocations, FileModes.Private, files);
    private ImmutableArray<StoredAllocation> _written = [];
    private bool _isFailing;

    /// <summary>What the disk remembers; empty when there is nothing or it is damaged.</summary>
    public async Task<ImmutableArray<AllocationFacts>> LoadAsync(CancellationToken cancellationToken)
    {
        var read = await _file.ReadAsync(cancellationToken);
        if (read.Problem is { } problem) LogDamaged(logger, problem);
        return read.Value is null ? [] : [.. read.Value.Allocations.Select(a => a.ToFacts()).OfType<AllocationFacts>()];
    }

    /// <summary>Runs until cancelled; writes a last time then.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var changes = board.Subscribe();
        try
        {
            while (true)
            {
                await changes.NextAsync(cancellationToken);
                while (!await TryWriteAsync(cancellationToken)) await Task.Delay(Retry, clock.Provider, cancellationToken);
                await Task.Delay(Spacing, clock.Provider, cancellationToken);
            }
        }
        finally
        {
            await TryWriteAsync(CancellationToken.None);
        }
    }

    // False: the disk refuses (it may be full), and is asked again. Told once.
    private async Task<bool> TryWriteAsync(CancellationToken cancellationToken)
    {
        ImmutableArray<StoredAllocation> wanted = [.. board.Current.Values.Select(view => StoredAllocation.Of(view.Facts))];
        if (IsSame(_written, wanted)) return true;
        try
        {
            await _file.WriteAsync(new StoredAllocations(wanted), cancellationToken);
            if (_isFailing) LogWrittenAgain(logger);
            _isFailing = false;
            _written = wanted;
            return true;
        }
        catch (IOException error)
        {
            if (!_isFailing) LogNotWritten(logger, error.Message);
            _isFailing = true;
            return false;
        }
    }

    private static bool IsSame(ImmutableArray<StoredAllocation> left, ImmutableArray<StoredAllocation> right)
    {
        if (left.Length != right.Length) return false;
        for (var i = 0; i < left.Length; i++)
        {
            // Ports are an array, which a record compares by reference.
            if (left[i] with { Ports = right[i].Ports } != right[i] || !left[i].Ports.SequenceEqual(right[i].Ports)) return false;
        }
        return true;
    }

    [LoggerMessage(EventIds.AgentAllocations + 20, LogLevel.Warning, "The file of attempts is damaged: {Problem}",
        EventName = "FactsDamaged")]
    private static partial void LogDamaged(ILogger logger, string problem);

    [LoggerMessage(EventIds.AgentAllocations + 21, LogLevel.Error, "The file of attempts can not be written: {Problem}",
        EventName = "FactsNotWritten")]
    private static partial void LogNotWritten(ILogger logger, string problem);

    [LoggerMessage(EventIds.AgentAllocations + 22, LogLevel.Information, "The file of attempts is written again",
        EventName = "FactsWritten")]
    private static partial void LogWrittenAgain(ILogger logger);
}
