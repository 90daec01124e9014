// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Hosting.Time;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Telemetry;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Manager.Engine;

/// <summary>
/// The one writer of a term: takes events, steps, commits, publishes, answers. It orders and decides nothing. When idle it renews the
/// fence and beats the leadership check every 500 ms.
/// </summary>
internal sealed partial class EngineLoop(
    ClusterState initial, ulong versionIndex, StateWriter writer, Fence fence, LeaderBeat beat, TimeProvider time, ILogger<EngineLoop> log)
{
    /// <summary>Most events that wait; callers beyond it are turned away.</summary>
    public const int MailboxCapacity = 8192;

    private const int EventsPerTurn = 512;
    private static readonly TimeSpan CommitLimit = TimeSpan.FromSeconds(10);

    // Longer than Consul takes to elect a leader of its own. Whoever hears nothing for so long must not keep the agents to himself: where
    // only this machine's Consul hangs, another manager leads by now.
    private static readonly TimeSpan DoubtLimit = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan CommitRetryPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SlowTurn = TimeSpan.FromMilliseconds(200);

    private readonly Mailbox<ClusterEvent> _mailbox = new(MailboxCapacity);
    private readonly PendingReplies _pending = new();
    private readonly HashSet<long> _inFlight = [];
    private readonly SteadyClock _clock = new(time);
    private ClusterState _state = initial;
    private ulong _versionIndex = versionIndex;
    private DateTimeOffset? _nextDue = initial.TermStartedAt;
    private long _lastRenewal;
    private long _lastProof = time.GetTimestamp();
    private Task<bool>? _readable;

    /// <summary>The newest published snapshot; readers never enter the mailbox.</summary>
    public LatestValue<ClusterState> Snapshots { get; } = new(initial);

    /// <summary>Told of every turn before its commit, with the state before it; for the simulation's judges. Default: nobody.</summary>
    public Action<ClusterState, StepResult> OnStepped { get; init; } = static (_, _) => { };

    /// <summary>The time by which the engine decides; what agents report is placed on the same clock.</summary>
    public DateTimeOffset Now => _clock.Now;

    /// <summary>Events that wait, for metrics.</summary>
    public int MailboxDepth => _mailbox.Count;

    /// <summary>Posts what a witness saw. False: the mailbox is full.</summary>
    public bool TryPost(ClusterEvent witnessed)
    {
        if (_mailbox.TryPost(witnessed)) return true;
        ManagerMeter.TurnedAway();
        return false;
    }

    /// <summary>Posts a mutation and waits for its answer, which comes after its commit.</summary>
    /// <exception cref="MailboxFullException">Try again later; nothing was changed.</exception>
    /// <exception cref="TermEndedException">This manager stopped leading.</exception>
    public async Task<MutationResult> SubmitAsync(Func<long, ClusterEvent.Mutation> make, CancellationToken cancellationToken)
    {
        var (ticket, reply) = _pending.Open();
        if (_mailbox.TryPost(make(ticket))) return await _pending.WaitAsync(ticket, reply, cancellationToken);
        _pending.Drop(ticket);
        ManagerMeter.TurnedAway();
        LogMailboxFull(_mailbox.Count);
        throw new MailboxFullException();
    }

    /// <summary>Runs until the term is over; returns why.</summary>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        // Whoever started the loop watches over it: even the first turn must not run on its stack.
        await Task.Yield();
        try
        {
            return await LoopAsync(cancellationToken);
        }
        finally
        {
            _mailbox.Close();
            _pending.Close(_inFlight);
        }
    }

    private async Task<string> LoopAsync(CancellationToken cancellationToken)
    {
        var batch = new List<ClusterEvent>(EventsPerTurn);
        while (true)
        {
            await WaitForWorkAsync(cancellationToken);
            batch.Clear();
            _mailbox.TryReadBatch(batch, EventsPerTurn);
            if (batch.Count > 0 || _nextDue <= _clock.Now)
            {
                if (batch.Count == 0) batch.Add(new ClusterEvent.Tick());
                if (await TurnAsync(batch, cancellationToken) is { } end) return end;
            }

            if (await KeepLockAsync(cancellationToken) is { } lost) return lost;
        }
    }

    private async Task WaitForWorkAsync(CancellationToken cancellationToken)
    {
        var wait = LeaderBeat.Interval - time.GetElapsedTime(_lastRenewal);
        if (_nextDue - _clock.Now is { } untilDue && untilDue < wait) wait = untilDue;
        if (wait <= TimeSpan.Zero || _mailbox.Count > 0) return;
        _readable ??= _mailbox.WhenReadableAsync(cancellationToken);
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_readable, Pause.ForAsync(wait, time, pause.Token));
        pause.Cancel();
        cancellationToken.ThrowIfCancellationRequested();
        if (_readable.IsCompleted) _readable = null;
    }

    private async Task<string?> TurnAsync(List<ClusterEvent> events, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var now = _clock.Now;
        var result = ClusterEngine.Step(_state, events, now);
        OnStepped(_state, result);
        var elapsed = time.GetElapsedTime(started);
        ManagerMeter.Turned(elapsed);
        if (elapsed > SlowTurn) LogTurnSlow(elapsed.TotalMilliseconds, events.Count, result.Changes.Length);
        if (!result.Changes.IsEmpty)
        {
            // Those that this commit answers: a mutation may have waited in the state since an earlier turn.
            foreach (var reply in result.Replies) _inFlight.Add(reply.Ticket);
            if (await CommitAsync(result, cancellationToken) is { } end)
#if MUTANTS
                if (end.Length == 0) return null;
                else
#endif
                return end;
            _inFlight.Clear();
        }

        var before = _state;
        _state = result.State;
        _nextDue = result.NextDue;
        Snapshots.Publish(_state);
        _pending.Answer(result.Replies);
        TurnObserver.Observe(before, _state, events, result.Changes, now);
        return null;
    }

    /// <summary>Null when it is committed, else why the term is over.</summary>
    private async Task<string?> CommitAsync(StepResult result, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var wasUnknown = false;
        while (true)
        {
            var sent = fence.Start();
            var call = writer.CommitAsync(result.State, result.Changes, _versionIndex, cancellationToken);
            if (!await beat.BeatWhileAsync(call, CommitLimit, cancellationToken)) return "a commit was not answered within 10 s";
            var outcome = await call;
            ManagerMeter.Answered(outcome);
            switch (outcome)
            {
                case CommitOutcome.Committed done:
                    ManagerMeter.Committed(time.GetElapsedTime(began));
                    fence.Prove(sent);
                    _lastRenewal = _lastProof = sent;
                    _versionIndex = done.VersionIndex;
                    if (beat.IsDue) await beat.BeatAsync(cancellationToken);
                    return null;
                case CommitOutcome.VersionMoved when wasUnknown:
                    return await FindOutAsync(result, cancellationToken);
                case CommitOutcome.Deposed deposed:
                    return Refused(deposed.Text, wasUnknown);
                case CommitOutcome.VersionMoved:
                    return Refused("another writer moved the version", wasUnknown);
                case CommitOutcome.Refused refused:
                    LogCommitRefused(refused.Text);
                    return Refused($"Consul refused a commit: {refused.Text}", wasUnknown);
#if MUTANTS
                case CommitOutcome.Unknown when MutantSwitch.Is(Mutant.UnknownIsDone): return null;
                case CommitOutcome.Unknown when MutantSwitch.Is(Mutant.UnknownIsFailed):
                    if (await writer.TryReadVersionAsync(cancellationToken) is { } moved) _versionIndex = moved.Index;
                    return "";
#endif
                case CommitOutcome.Unknown unknown:
                    wasUnknown = true;
                    LogCommitUnknown(unknown.Text);
                    if (time.GetElapsedTime(began) > CommitLimit) return "the outcome of a commit stayed unknown for 10 s";
                    if (beat.IsDue) await beat.BeatAsync(cancellationToken);
                    await Task.Delay(CommitRetryPause, time, cancellationToken);
                    break;
            }
        }
    }

    // A first try that was refused stored nothing, and its callers may know it. After a try without an answer nobody knows.
    private string Refused(string why, bool wasUnknown)
    {
        if (!wasUnknown) _inFlight.Clear();
        return why;
    }

    // The version moved after a try without an answer: either that try was applied, or another leads. Consul may be electing meanwhile.
    private async Task<string?> FindOutAsync(StepResult result, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < CommitLimit)
        {
            var read = writer.TryReadVersionAsync(cancellationToken);
            if (!await beat.BeatWhileAsync(read, CommitLimit, cancellationToken)) break;
            if (await read is { } found)
            {
                if (found.Version != result.State.Version) return $"the state moved to {found.Version} by another writer";
                _versionIndex = found.Index;
                return null;
            }

            if (beat.IsDue) await beat.BeatAsync(cancellationToken);
            await Task.Delay(CommitRetryPause, time, cancellationToken);
        }

        return "the state's version could not be read within 10 s";
    }

    /// <summary>Null while the lock is ours or nobody can say.</summary>
    private async Task<string?> KeepLockAsync(CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(_lastRenewal) < LeaderBeat.Interval) return null;
        var sent = fence.Start();
        _lastRenewal = sent;
        var renewal = writer.RenewAsync(cancellationToken);
        if (!await beat.BeatWhileAsync(renewal, CommitLimit, cancellationToken)) return "the lock could not be renewed within 10 s";
        if (beat.IsDue) await beat.BeatAsync(cancellationToken);
        switch (await renewal)
        {
            case true:
                fence.Prove(sent);
                _lastProof = sent;
                return null;
            case false: return "the lock is another's";
            default:
                return time.GetElapsedTime(_lastProof) < DoubtLimit ? null
                    : $"Consul did not confirm the lock for {DoubtLimit.TotalSeconds:0} s";
        }
    }

    [LoggerMessage(EventIds.TurnSlow, LogLevel.Warning, "A turn took {Milliseconds} ms for {Events} events and {Changes} changes")]
    private partial void LogTurnSlow(double milliseconds, int events, int changes);

    [LoggerMessage(EventIds.CommitUnknown, LogLevel.Warning, "The outcome of a commit is not known yet: {Problem}")]
    private partial void LogCommitUnknown(string problem);

    [LoggerMessage(EventIds.CommitRefused, LogLevel.Error, "Consul refused a commit: {Problem}")]
    private partial void LogCommitRefused(string problem);

    [LoggerMessage(EventIds.MailboxFull, LogLevel.Warning, "The engine's mailbox is full ({Count} events): a call was turned away")]
    private partial void LogMailboxFull(int count);
}
