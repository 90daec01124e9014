// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Load;

/// <summary>
/// Sends all targets' requests when they are due, whatever became of the earlier ones: a server that hangs meets as many requests as one
/// that answers. The requests of a target go to its clients in turn.
/// </summary>
public sealed class LoadRun(LoadOptions options, LoadJournal journal, TimeProvider time)
{
    // Clients that do not know their target's name yet; after that they begin nevertheless, and what they can not send has failed.
    private static readonly TimeSpan NamePatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // With so many under way the generator would measure itself: the run fails.
    private const int UnderWayMax = 10_000;

    private long _sent;

    /// <summary>Runs until the requests are sent and the file exists, or until cancelled; requests under way are waited for.</summary>
    public async Task<IReadOnlyList<LoadSum>> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tallies = options.Targets.Select(target => new LoadTally(target.Text)).ToList();
        var runs = options.Targets.Select((target, i) => RunAsync(target, tallies[i], stop.Token)).ToList();
        try
        {
            while (!IsOver()) await Task.Delay(Pause, time, stop.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ended by a signal: what was counted is told all the same.
        }

        stop.Cancel();
        await Task.WhenAll(runs);
        return [.. tallies.Select(tally => tally.Sum())];
    }

    private bool IsOver() => Interlocked.Read(ref _sent) >= options.Requests && (options.Until is not { } file || File.Exists(file));

    private async Task RunAsync(LoadTarget target, LoadTally tally, CancellationToken cancellationToken)
    {
        var clients = Enumerable.Range(1, options.Clients)
            .Select(number => new LoadClient(number, target, options, tally, journal, time)).ToList();
        var names = clients.Select((client, i) => ResolveAsync(client, i, cancellationToken)).ToList();
        var requests = new HashSet<Task>();
        try
        {
            await KnownAsync(clients, cancellationToken);
            await SendAsync(target, clients, requests, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The run is over.
        }

        await Task.WhenAll(requests);
        await Task.WhenAll(names);
        foreach (var client in clients) client.Dispose();
    }

    // Spread over the second, so that together they know the name at every age up to the longest.
    private async Task ResolveAsync(LoadClient client, int index, CancellationToken cancellationToken)
    {
        if (index > 0) await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds((double)index / options.Clients), time, cancellationToken));
        await client.ResolveAsync(cancellationToken);
    }

    private async Task KnownAsync(List<LoadClient> clients, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (clients.Exists(client => client.Source.Endpoints.Count == 0) && time.GetElapsedTime(began) < NamePatience)
            await Task.Delay(Pause, time, cancellationToken);
    }

    private async Task SendAsync(LoadTarget target, List<LoadClient> clients, HashSet<Task> requests, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        for (var number = 0L; ; number++)
        {
            var due = TimeSpan.FromSeconds(number / target.Rate) - time.GetElapsedTime(began);
            if (due > TimeSpan.Zero) await Task.Delay(due, time, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            if (number % 64 == 0) requests.RemoveWhere(request => request.IsCompletedSuccessfully);
            if (requests.Count > UnderWayMax) throw new InvalidOperationException($"{UnderWayMax} requests to {target.Text} are under way");
            requests.Add(clients[(int)(number % clients.Count)].SendAsync(IsSlow(number, options.SlowShare)));
            Interlocked.Increment(ref _sent);
        }
    }

    /// <summary>Evenly spread: of 10 requests with a share of 0.1 the last one is slow.</summary>
    internal static bool IsSlow(long number, double share) => Math.Floor((number + 1) * share) > Math.Floor(number * share);
}
