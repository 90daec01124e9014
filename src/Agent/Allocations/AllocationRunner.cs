// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;
using ClusterManager.Agent.Health;
using ClusterManager.Agent.Telemetry;
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Model;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Agent.Allocations;

/// <summary>
/// Moves one allocation, one step at a time, towards its goal: <see cref="RunnerPlanner"/> decides, this executes and takes what came of
/// it into
/// the facts. Its mailbox holds only the newest inputs; at most one call to the engine is in flight. Knows no other allocation.
/// </summary>
internal sealed partial class AllocationRunner
{
    // After an engine that did not answer; its return is told by the inputs much sooner.
    private static readonly TimeSpan EngineRetry = TimeSpan.FromSeconds(1);

    private readonly RunnerContext _context;
    private readonly LatestValue<RunnerInputs> _inputs;
    private readonly LatestValue<RunnerInputs>.Subscription _news;
    private readonly ContainerSteps _steps;
    private AllocationFacts _facts;
    private RunnerInputs _told;
    private Task<RunnerInputs>? _nextNews;
    private Task<ProbeResult>? _probe;
    private TimeSpan _probedRun;
    private TimeSpan? _pausedUntil;

    /// <summary>A runner that goes on from facts: new ones, or those that the disk remembers.</summary>
    public AllocationRunner(RunnerContext context, AllocationFacts facts, RunnerInputs inputs)
    {
        _context = context;
        _facts = facts;
        _told = inputs;
        _inputs = new LatestValue<RunnerInputs>(inputs);
        _news = _inputs.Subscribe();
        _steps = new ContainerSteps(context);
    }

    /// <summary>What it was told last. Written by the supervisor only.</summary>
    public RunnerInputs Inputs => _inputs.Current;

    /// <summary>Tells it something new.</summary>
    public void Tell(RunnerInputs inputs) => _inputs.Publish(inputs);

    /// <summary>Runs until the allocation is forgotten and gone, or until cancelled, which leaves the container as it is.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // At once, so that the disk's memory of it is never written over by a board that lacks it.
        Show(_facts);
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                TakeNews();
                TakeProbe();
                var step = _pausedUntil > Now ? new RunnerStep.Wait(_pausedUntil) : RunnerPlanner.Next(_facts, _told, Now);
                if (step is RunnerStep.Done) break;
                await DoAsync(step, cancellationToken);
            }
        }
        finally
        {
            await EndProbeAsync();
        }
        _context.Ports.Release(_facts.Id, Now);
        _context.Board.Remove(_facts.Id);
    }

    private TimeSpan Now => _context.Clock.Now;

    // A hint says that something may have happened to the container; an engine that returned may have anything.
    private void TakeNews()
    {
        var told = _inputs.Current;
        if (ReferenceEquals(told, _told)) return;
        if (told.Hints != _told.Hints || (told.IsEngineUp && !_told.IsEngineUp)) _facts = _facts with { IsLocated = false };
        if (told.IsEngineUp != _told.IsEngineUp || told.Goal != _told.Goal) _pausedUntil = null;
        if (_told.Assignment is null && told.Assignment is { } assignment)
            _facts = ContainerFold.Assigned(_facts, assignment.Spec.Health, Now);
        _told = told;
        Show(_facts);
    }

    private void TakeProbe()
    {
        if (_probe is not { IsCompletedSuccessfully: true } probe) return;
        _probe = null;
        // The answer of a process that has ended meanwhile says nothing about the one that runs now.
        if (_facts.StartedAt != _probedRun || _facts.State != AllocationState.Running) return;
        if (_facts.Probes is not { } progress || _told.Assignment?.Spec.Health is not { } spec) return;
        var result = probe.Result;
        AgentMeter.Probed(result.IsPassed);
        var after = HealthEvaluator.Fold(spec, progress, result, _facts.StartedAt, Now);
        Show(ContainerFold.Judged(_facts with { Probes = after, ProbeOutput = result.Output }, after.State, Now));
    }

    private async Task DoAsync(RunnerStep step, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case RunnerStep.Note note:
                Show(note.Facts);
                break;
            case RunnerStep.Wait wait:
                await WaitAsync(wait.Until, cancellationToken);
                break;
            case RunnerStep.Probe when _probe is null && _told.Assignment is { } assignment:
                _probedRun = _facts.StartedAt;
                _probe = _context.Prober.ProbeAsync(ProbeTarget.Of(assignment.Spec, _facts.ContainerAddress), cancellationToken);
                break;
            case RunnerStep.Probe:
                await WaitAsync(_facts.UnhealthySince + RunnerPlanner.UnhealthyGrace, cancellationToken);
                break;
            case RunnerStep.CountConnections:
                CountConnections();
                break;
            case RunnerStep.Pull:
                await PullAsync(cancellationToken);
                break;
            default:
                await CallAsync(step, cancellationToken);
                break;
        }
    }

    private void CountConnections()
    {
        var ports = _told.Assignment is not { } assignment ? []
            : assignment.Spec.Ports.Where(port => port.Protocol == PortProtocol.Tcp).Select(port => port.Target).ToHashSet();
        Show(_facts with { OpenConnections = _context.OpenConnections(_facts.ProcessId, ports), CountedAt = Now });
    }

    private async Task CallAsync(RunnerStep step, CancellationToken cancellationToken)
    {
        try
        {
            Show(await _steps.ExecuteAsync(step, _facts, _told, cancellationToken));
        }
        catch (DockerException error)
        {
            Pause(step.GetType().Name, error);
        }
    }

    // What the steps could not make a value of: the engine does not answer, or not as it should. Look again, then go on.
    private void Pause(string step, DockerException error)
    {
        LogEngineTrouble(_facts.Id, step, error.Kind, error.Message);
        _pausedUntil = Now + EngineRetry;
        Show(_facts with { IsLocated = false, Reason = FailureReasons.OfRun(error) });
    }

    // A pull may last for minutes: a stop that comes meanwhile ends it.
    private async Task PullAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pull = _steps.PullAsync(_facts, _told, stop.Token);
        while (!pull.IsCompleted)
        {
            await Task.WhenAny(pull, NextNews(cancellationToken));
            if (_inputs.Current.Goal >= RunnerGoal.Stop) stop.Cancel();
            if (_nextNews is { IsCompleted: true } && !cancellationToken.IsCancellationRequested) _nextNews = null;
            if (cancellationToken.IsCancellationRequested) break;
        }
        try
        {
            Show(await pull);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Told to stop: the planner goes on from Pulling to Stopping.
        }
        catch (DockerException error)
        {
            Pause(nameof(RunnerStep.Pull), error);
        }
    }

    private async Task WaitAsync(TimeSpan? until, CancellationToken cancellationToken)
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var news = NextNews(cancellationToken);
        var waits = new List<Task> { news };
        if (_probe is not null) waits.Add(_probe);
        if (until is { } moment) waits.Add(_context.Clock.DelayUntilAsync(moment, woken.Token));
        await Task.WhenAny(waits);
        woken.Cancel();
        if (news.IsCompleted) _nextNews = null;
    }

    private Task<RunnerInputs> NextNews(CancellationToken cancellationToken) => _nextNews ??= _news.NextAsync(cancellationToken).AsTask();

    private async Task EndProbeAsync()
    {
        if (_probe is null) return;
        await Task.WhenAny(_probe);
        _probe = null;
    }

    private void Show(AllocationFacts facts)
    {
        if (facts.State != _facts.State) LogMove(_facts.State, facts);
        if (facts.History.Restarts > _facts.History.Restarts) AgentMeter.Restarted();
        if (facts.Health != _facts.Health && facts.State == AllocationState.Running) LogHealth(facts.Id, _facts.Health, facts.Health);
        if (facts.HostPorts != _facts.HostPorts) _context.Ports.Adopt(facts.Id, facts.HostPorts);
        if (facts.IsFinished && !_facts.IsFinished) _context.Ports.Release(facts.Id, Now);
        _facts = facts;
        _context.Board.Publish(new AllocationView(facts, _told.Assignment, _told.Goal));
    }
}
