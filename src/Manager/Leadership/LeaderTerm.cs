// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Manager.Discovery;
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Gates;
using ClusterManager.Manager.Tracking;

namespace ClusterManager.Manager.Leadership;

/// <summary>Owns everything that only a leader does, and its end. Built on election, disposed whole on loss, never restarted.</summary>
internal sealed class LeaderTerm(
    long number, EngineLoop engine, Fence fence, SessionRegistry sessions, SerfWatcher serf, RegistrationAudit audit)
{
    /// <summary>The lock's <c>LockIndex</c>.</summary>
    public long Number { get; } = number;

    /// <summary>The one writer.</summary>
    public EngineLoop Engine { get; } = engine;

    /// <summary>Whether this manager may act now.</summary>
    public Fence Fence { get; } = fence;

    /// <summary>The agents' sessions.</summary>
    public SessionRegistry Sessions { get; } = sessions;

    /// <summary>Follows images in their registries; null: nobody does.</summary>
    public TrackingLoop? Tracking { get; init; }

    /// <summary>Asks those who open the gates of canaries; null: nobody is asked.</summary>
    public GateKeeper? Gates { get; init; }

    /// <summary>Runs until the term is over; returns why.</summary>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var reason = "stopped";
        using var tasks = new OwnedTasks(cancellationToken);
        tasks.TryStart(async stopping =>
        {
            try
            {
                reason = await Engine.RunAsync(stopping);
            }
            finally
            {
                Sessions.CloseAll();
                tasks.Stop();
            }
        });
        tasks.TryStart(serf.RunAsync);
        tasks.TryStart(audit.RunAsync);
        if (Tracking is { } tracking) tasks.TryStart(tracking.RunAsync);
        if (Gates is { } gates) tasks.TryStart(gates.RunAsync);
        await tasks.WhenEndedAsync();
        return reason;
    }
}
