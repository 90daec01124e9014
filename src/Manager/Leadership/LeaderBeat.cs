// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Model;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Manager.Leadership;

/// <summary>
/// The TTL check on the manager's own Consul agent that keeps its session alive. Only the leader's work loop beats it, never a timer: a
/// leader that hangs loses the lock 2 s later.
/// </summary>
internal sealed partial class LeaderBeat(ConsulClient consul, NodeId node, TimeProvider time, ILogger<LeaderBeat> log)
{
    /// <summary>Consul ends the session this long after the last beat.</summary>
    public static readonly TimeSpan Ttl = TimeSpan.FromSeconds(2);

    /// <summary>Time between beats.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private long _lastBeat;
    private bool _failing;

    /// <summary>The check's id.</summary>
    public string CheckId { get; } = $"cluster-manager-{node}";

    /// <summary>A beat is due.</summary>
    public bool IsDue => time.GetElapsedTime(_lastBeat) >= Interval;

    /// <summary>Registers the check as passing.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        var check = new TtlCheck
        {
            Id = CheckId, Name = "cluster-manager leadership", Ttl = Ttl, InitialStatus = CheckStatus.Passing,
            Notes = "Beaten by the leader's work loop; its session holds cm/v1/lead.",
        };
        await consul.Agent.RegisterCheckAsync(check, cancellationToken);
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

    /// <summary>Beats while something runs that is no turn of the loop (loading, an outstanding commit), at most <paramref name="limit"/>.</summary>
    /// <returns>True when the task ended in time.</returns>
    public async Task<bool> BeatWhileAsync(Task task, TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (!task.IsCompleted)
        {
            if (time.GetElapsedTime(started) > limit) return false;
            using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(task, Task.Delay(Interval, time, pause.Token));
            pause.Cancel();
            if (!task.IsCompleted && IsDue) await BeatAsync(cancellationToken);
        }

        return true;
    }

    /// <summary>Takes the check away.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        try
        {
            await consul.Agent.DeregisterCheckAsync(CheckId, cancellationToken);
        }
        catch (ConsulException)
        {
            // Consul is away; the check turns critical by itself, and the next term registers it anew.
        }
    }

    [LoggerMessage(EventIds.BeatFailed, LogLevel.Warning, "Beating the leadership check failed: {Problem}")]
    private partial void LogBeatFailed(string problem);
}
