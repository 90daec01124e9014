// SPDX-License-Identifier: Apache-2.0
using System.Net;
using ClusterManager.Consul;
using ClusterManager.Hosting.Time;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Manager.Leadership;

/// <summary>
/// The TTL check on the manager's own Consul agent that keeps its session alive. Only the leader's work loop beats it, never a timer: a
/// leader that hangs loses the lock 2 s later. It belongs to a service of its own (<c>cluster-manager</c>, which so names the leader in
/// DNS): a critical check of the node would hide every other service on the machine.
/// </summary>
internal sealed partial class LeaderBeat(ConsulClient consul, ManagerIdentity identity, TimeProvider time, ILogger<LeaderBeat> log)
{
    /// <summary>Consul ends the session this long after the last beat.</summary>
    public static readonly TimeSpan Ttl = TimeSpan.FromSeconds(2);

    /// <summary>Time between beats.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private long _lastBeat;
    private bool _failing;

    /// <summary>The service's name in Consul; no user's service may have it.</summary>
    public const string ServiceName = "cluster-manager";

    /// <summary>The check's id.</summary>
    public string CheckId { get; } = $"{ServiceName}-{identity.Node}";

    /// <summary>A beat is due.</summary>
    public bool IsDue => time.GetElapsedTime(_lastBeat) >= Interval;

    /// <summary>Registers the service with its check passing.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        var endpoint = IPEndPoint.Parse(identity.Address);
        var service = new ServiceRegistration
        {
            Id = CheckId, Name = ServiceName, Address = endpoint.Address.ToString(), Port = endpoint.Port,
            Checks =
            [
                new TtlCheck
                {
                    Id = CheckId, Name = "leadership", Ttl = Ttl, InitialStatus = CheckStatus.Passing,
                    Notes = "Beaten by the leader's work loop; its session holds cm/v1/lead.",
                },
            ],
        };
        await consul.Agent.RegisterServiceAsync(service, cancellationToken);
        // A check that is there already keeps its status when it is registered again: after a crash that is critical.
        await consul.Agent.UpdateCheckAsync(CheckId, CheckStatus.Passing, "", cancellationToken);
        _lastBeat = time.GetTimestamp();
    }

    /// <summary>Beats. A failure is logged once and is no reason to stop: the fence decides.</summary>
    public async Task BeatAsync(CancellationToken cancellationToken)
    {
        _lastBeat = time.GetTimestamp();
        try
        {
            await consul.Agent.UpdateCheckAsync(CheckId, CheckStatus.Passing, "", cancellationToken);
            _failing = false;
        }
        catch (ConsulException error)
        {
            if (!_failing) LogBeatFailed(error.Text);
            _failing = true;
        }
    }

    /// <summary>
    /// Beats while something runs that is no turn of the loop (loading, an outstanding commit), at most <paramref name="limit"/>.
    /// </summary>
    /// <returns>True when the task ended in time.</returns>
    public async Task<bool> BeatWhileAsync(Task task, TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (!task.IsCompleted)
        {
            if (time.GetElapsedTime(started) > limit) return false;
            using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(task, Pause.ForAsync(Interval, time, pause.Token));
            pause.Cancel();
            if (!task.IsCompleted && IsDue) await BeatAsync(cancellationToken);
        }

        return true;
    }

    /// <summary>Takes the service away.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        try
        {
            await consul.Agent.DeregisterServiceAsync(CheckId, cancellationToken);
        }
        catch (ConsulException)
        {
            // Consul is away; the check turns critical by itself, and the next term registers it anew.
        }
    }

    [LoggerMessage(EventIds.BeatFailed, LogLevel.Warning, "Beating the leadership check failed: {Problem}")]
    private partial void LogBeatFailed(string problem);
}
