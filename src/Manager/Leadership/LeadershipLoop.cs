// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Manager.Leadership;

/// <summary>Waits for the lock to be free, tries to win it, leads until the term is over, and begins anew.</summary>
internal sealed partial class LeadershipLoop(
    ConsulClient consul, LeaderWatch watch, LeaderBeat beat, TermFactory factory, ManagerIdentity identity, ILogger<LeadershipLoop> log)
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    /// <summary>The term that this manager leads; null while it does not.</summary>
    public LatestValue<LeaderTerm?> Term { get; } = new(null);

    /// <summary>
    /// Called when a term does not end in time: the process must not go on. Set by the program; default ends the process.
    /// </summary>
    public Action<string> OnHung { get; init; } = static message => Environment.FailFast(message);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var leader = watch.Leader.Subscribe();
        while (!cancellationToken.IsCancellationRequested)
        {
            if (!watch.IsKnown || watch.Leader.Current.IsHeld)
            {
                await leader.NextAsync(cancellationToken);
                continue;
            }

            var pause = await TryLeadAsync(cancellationToken) ? RetryPause : FailurePause;
            await Task.Delay(pause, consul.Time, cancellationToken);
        }
    }

    private async Task<bool> TryLeadAsync(CancellationToken cancellationToken)
    {
        Candidacy? candidacy = null;
        try
        {
            candidacy = await Candidacy.TryWinAsync(consul, beat, identity.LeadValue(), cancellationToken);
            ManagerMeter.Stood(candidacy is null ? "lost" : "won");
            if (candidacy is null) return true;
            await LeadAsync(candidacy, cancellationToken);
            return true;
        }
        catch (ConsulException error)
        {
            ManagerMeter.Stood("failed");
            LogElectionFailed(error.Text);
        }
        catch (StateUnreadableException error)
        {
            ManagerMeter.Stood("failed");
            LogStateRefused(error.Message);
        }
        finally
        {
            if (candidacy is not null) await candidacy.ResignAsync();
        }

        return false;
    }

    private async Task LeadAsync(Candidacy candidacy, CancellationToken cancellationToken)
    {
        var loading = factory.CreateAsync(candidacy, cancellationToken);
        if (!await beat.BeatWhileAsync(loading, TimeSpan.FromSeconds(30), cancellationToken))
            throw new StateUnreadableException(StateKeys.Root, "loading it took longer than 30 s");
        var term = await loading;
        LogTermBegan(term.Number);
        Term.Publish(term);
        try
        {
            LogTermEnded(term.Number, await RunToEndAsync(term, cancellationToken));
        }
        finally
        {
            Term.Publish(null);
        }
    }

    // A loop that hangs cannot end its own term: so the lock is watched beside it.
    private async Task<string> RunToEndAsync(LeaderTerm term, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = term.RunAsync(stop.Token);
        var losing = watch.WhenLostAsync(term.Number, stop.Token);
        var first = await Task.WhenAny(running, losing);
        stop.Cancel();
        var isLost = await losing;
        if (first == running) return await running;
        Term.Publish(null);
        var grace = Task.Delay(EndLimit, consul.Time, CancellationToken.None);
        if (await Task.WhenAny(running, grace) != running)
        {
            LogTermHung(term.Number);
            OnHung($"term {term.Number} did not end within {EndLimit.TotalSeconds} s");
        }

        var reason = await running;
        return isLost ? "the lock was lost while the loop was busy" : reason;
    }

    [LoggerMessage(EventIds.TermBegan, LogLevel.Information, "This manager leads (term {Term})")]
    private partial void LogTermBegan(long term);

    [LoggerMessage(EventIds.TermEnded, LogLevel.Warning, "Term {Term} ended: {Reason}")]
    private partial void LogTermEnded(long term, string reason);

    [LoggerMessage(EventIds.ElectionFailed, LogLevel.Warning, "Standing for leader failed: {Problem}")]
    private partial void LogElectionFailed(string problem);

    [LoggerMessage(EventIds.StateRefused, LogLevel.Error, "This manager does not lead: {Problem}")]
    private partial void LogStateRefused(string problem);

    [LoggerMessage(EventIds.TermHung, LogLevel.Critical, "Term {Term} does not end; the process ends itself")]
    private partial void LogTermHung(long term);
}
