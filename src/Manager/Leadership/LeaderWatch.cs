// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Manager.Persistence;
using Microsoft.Extensions.Logging;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Leadership;

/// <summary>Follows the lock by a blocking query, on every manager, leading or not.</summary>
internal sealed partial class LeaderWatch(ConsulClient consul, ILogger<LeaderWatch> log)
{
    // Asked of the nearest server and often: a query that was passed on to Consul's leader hangs for half a minute when that machine
    // loses its power, and would hide that the lock is free.
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(2);

    private volatile bool _consulAnswers;

    private bool _wasPublished;

    /// <summary>Who leads now.</summary>
    public LatestValue<LeaderInfo> Leader { get; } = new(LeaderInfo.None);

    /// <summary>Consul has said once who leads: before that, nobody may conclude that the lock is free.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>True while Consul answers.</summary>
    public bool ConsulAnswers
    {
        get => _consulAnswers;
        private set => _consulAnswers = value;
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var options = new WatchOptions { Mode = ConsistencyMode.Stale, Wait = Wait, BackoffMax = TimeSpan.FromSeconds(1) };
        var watch =
            ConsulWatch.WatchAsync((read, token) => consul.Kv.GetAsync(StateKeys.Lead, read, token), options, consul.Time,
            cancellationToken);
        await foreach (var change in watch)
        {
            switch (change)
            {
                case WatchEvent<KvEntry?>.News news:
                    ConsulAnswers = true;
                    IsKnown = true;
                    Publish(Read(news.Answer.Value));
                    break;
                case WatchEvent<KvEntry?>.Failed failed:
                    if (ConsulAnswers) LogConsulAway(failed.Error.Text);
                    ConsulAnswers = false;
                    break;
            }
        }
    }

    /// <summary>True when the lock is free, or another's, after this term had it; false when cancelled.</summary>
    /// <remarks>An older term is no news: a Consul server says it that has just come back.</remarks>
    public async Task<bool> WhenLostAsync(long term, CancellationToken cancellationToken)
    {
        var leader = Leader.Subscribe();
        try
        {
            while (true)
            {
                var now = await leader.NextAsync(cancellationToken);
                if (now.Term > term || (now.Term == term && !now.IsHeld)) return true;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Publish(LeaderInfo leader)
    {
        // The first answer is news even when nobody leads: those who would stand for it wait for it.
        if (leader == Leader.Current && _wasPublished) return;
        _wasPublished = true;
        LogLeader(leader.IsHeld ? leader.Name : "nobody", leader.Term);
        Leader.Publish(leader);
    }

    private static LeaderInfo Read(KvEntry? entry)
    {
        if (entry?.Session is null) return LeaderInfo.None with { Term = (long)(entry?.LockIndex ?? 0) };
        try
        {
            var stored = StoredFormat.Decode(entry.Key, entry.Value, V1.StoredLead.Parser);
            return new LeaderInfo(true, stored.NodeId, stored.Name, stored.Address, (long)entry.LockIndex);
        }
        catch (StateUnreadableException)
        {
            // Held by a newer version whose value we cannot read: it leads, but we cannot say where.
            return new LeaderInfo(true, "", "", "", (long)entry.LockIndex);
        }
    }

    [LoggerMessage(EventIds.LeaderChanged, LogLevel.Information, "The leader is {Leader} (term {Term})")]
    private partial void LogLeader(string leader, long term);

    [LoggerMessage(EventIds.ConsulAway, LogLevel.Warning, "Consul does not answer: {Problem}")]
    private partial void LogConsulAway(string problem);
}
