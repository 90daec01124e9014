// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Agent.Docker;
using ClusterManager.Agent.Health;
using ClusterManager.Model;

namespace ClusterManager.Agent.Allocations;

/// <summary>Takes what the engine says of a container into the facts. Pure.</summary>
internal static class ContainerFold
{
    /// <summary>There is no container.</summary>
    public static AllocationFacts Absent(AllocationFacts facts, TimeSpan now)
    {
        var gone = facts with
        {
            IsLocated = true,
            ContainerId = "",
            IsRunning = false,
            ProcessId = 0,
            ContainerAddress = "",
            NeedsNewContainer = false,
            EndedRun = null,
        };
        if (facts.State is not (AllocationState.Starting or AllocationState.Running)) return gone;
        var end = new AttemptEnd(AttemptEndKind.RemovedByHand, 0, RanFor(facts, now));
        return End(gone, AllocationInput.Vanished, end, now) with { Reason = FailureReasons.RemovedByHand };
    }

    /// <summary>The container is like this.</summary>
    /// <param name="facts">What was known.</param>
    /// <param name="details">What the engine says.</param>
    /// <param name="health">How health is judged; null: by the image's own check, if any.</param>
    /// <param name="isStopWanted">An end that is seen now was asked for.</param>
    /// <param name="utcNow">The wall clock, to place the engine's times.</param>
    /// <param name="now">The agent's clock.</param>
    public static AllocationFacts Present(
        AllocationFacts facts, ContainerDetails details, HealthSpec? health, bool isStopWanted, DateTimeOffset utcNow, TimeSpan now)
    {
        var isRunning = details.State is ContainerState.Running or ContainerState.Paused;
        var attempt = Math.Max(facts.History.Attempt, ContainerLabels.AttemptOf(details.Labels));
        var known = facts with
        {
            IsLocated = true,
            ContainerId = details.Id,
            ImageId = details.ImageId,
            IsRunning = isRunning,
            ProcessId = isRunning ? details.Pid : 0,
            HasRunHere = facts.HasRunHere || isRunning,
            ContainerAddress = details.Addresses.Values.FirstOrDefault(a => a.Length > 0) ?? "",
            HostPorts = isRunning ? PortsOf(facts.HostPorts, details) : facts.HostPorts,
            NeedsNewContainer = facts.NeedsNewContainer || details.State is ContainerState.Dead or ContainerState.Removing,
            History = facts.History with { Attempt = attempt },
        };
        return isRunning ? Running(known, details, health, utcNow, now) : NotRunning(known, details, isStopWanted, now);
    }

    private static AllocationFacts Running(
        AllocationFacts facts, ContainerDetails details, HealthSpec? health, DateTimeOffset utcNow, TimeSpan now)
    {
        // Somebody started it while a back-off was waited for: that is the next attempt.
        if (AllocationTransitions.IsLegal(facts.State, AllocationInput.NextAttempt) && !facts.IsFinished)
        {
            facts = facts.Move(AllocationInput.NextAttempt, now) with { NextAttemptAt = null, History = facts.History.AfterRestart(now) };
        }
        if (AllocationTransitions.IsLegal(facts.State, AllocationInput.Started))
        {
            var age = details.Started is { } started && utcNow > started ? utcNow - started : TimeSpan.Zero;
            var startedAt = now - age;
            facts = facts.Move(AllocationInput.Started, now) with
            {
                StartedAt = startedAt,
                Health = HealthState.Unknown,
                Probes = IsProbedByUs(health) ? HealthEvaluator.Begin(health!, now) : null,
            };
        }
        return facts.State == AllocationState.Running && facts.Probes is null
            ? WithHealth(facts, OfEngine(details.Health), details, now)
            : facts;
    }

    /// <summary>
    /// It has become known what the allocation is. A container that was found running before that was asked nothing: until its check has
    /// passed, nobody knows whether it is well.
    /// </summary>
    public static AllocationFacts Assigned(AllocationFacts facts, HealthSpec? health, TimeSpan now) =>
        facts.State == AllocationState.Running && facts.Probes is null && IsProbedByUs(health)
            ? facts with { Health = HealthState.Unknown, Probes = HealthEvaluator.Begin(health!, now), ChangedAt = now } : facts;

    /// <summary>True when the agent itself asks, by HTTP or TCP.</summary>
    public static bool IsProbedByUs(HealthSpec? health) => health?.Kind is HealthKind.Http or HealthKind.Tcp;

    private static AllocationFacts WithHealth(AllocationFacts facts, HealthState state, ContainerDetails details, TimeSpan now)
    {
        var output = details.HealthLog.Count > 0 ? ProbeResult.Of(true, details.HealthLog[^1].Output.Trim()).Output : "";
        return Judged(facts with { EngineProbesFailed = details.HealthFailures, ProbeOutput = output }, state, now);
    }

    /// <summary>The facts with a new verdict of the health check.</summary>
    public static AllocationFacts Judged(AllocationFacts facts, HealthState state, TimeSpan now)
    {
        var isUnhealthy = state == HealthState.Unhealthy;
        return facts with
        {
            Health = state,
            ChangedAt = state == facts.Health ? facts.ChangedAt : now,
            UnhealthySince = isUnhealthy ? facts.UnhealthySince ?? now : null,
            Reason = isUnhealthy ? FailureReasons.Unhealthy(facts.ProbeOutput)
                : state is HealthState.Healthy or HealthState.None ? null
                : facts.Reason,
        };
    }

    private static AllocationFacts NotRunning(AllocationFacts facts, ContainerDetails details, bool isStopWanted, TimeSpan now)
    {
        // Made and never started, or the end that was judged before: ready for a start.
        if (details.Started is null || details.Started == facts.EndedRun) return facts;
        var ended = facts with { EndedRun = details.Started, ExitCode = details.ExitCode, OutOfMemory = details.OutOfMemory };
        if (facts.State == AllocationState.Stopping)
            return ended.Move(AllocationInput.StopCompleted, now) with { IsFinished = true };
        if (!AllocationTransitions.IsLegal(facts.State, AllocationInput.Failed)) return ended;
        if (isStopWanted)
            return ended.Move(AllocationInput.StopRequested, now).Move(AllocationInput.StopCompleted, now) with { IsFinished = true };
        var ran = details.Finished is { } finished && finished > details.Started ? finished - details.Started.Value : TimeSpan.Zero;
        var end = new AttemptEnd(AttemptEndKind.Exited, details.ExitCode, ran);
        var after = End(ended, end.IsSuccess ? AllocationInput.Succeeded : AllocationInput.Failed, end, now);
        if (end.IsSuccess) return after with { Reason = null };
        return after with { Reason = FailureReasons.Ended(details.ExitCode, details.OutOfMemory, after.History.EndsInARow) };
    }

    /// <summary>The facts after the end of an attempt.</summary>
    public static AllocationFacts End(AllocationFacts facts, AllocationInput input, AttemptEnd end, TimeSpan now) =>
        facts.Move(input, now) with
    {
        LastEnd = end,
        History = facts.History.AfterEnd(end),
        Health = HealthState.Unknown,
        Probes = null,
        UnhealthySince = null,
    };

    /// <summary>How long the process has run.</summary>
    public static TimeSpan RanFor(AllocationFacts facts, TimeSpan now) =>
        facts.State == AllocationState.Running && now > facts.StartedAt ? now - facts.StartedAt : TimeSpan.Zero;

    private static HealthState OfEngine(ContainerHealth health) => health switch
    {
        ContainerHealth.Starting => HealthState.Unknown,
        ContainerHealth.Healthy => HealthState.Healthy,
        ContainerHealth.Unhealthy => HealthState.Unhealthy,
        _ => HealthState.None,
    };

    // One entry per address family: the numbers are the same. An equal list stays the same object, so that equal facts are equal.
    private static ImmutableArray<HostPort> PortsOf(ImmutableArray<HostPort> known, ContainerDetails details)
    {
        var found = details.Ports
            .Where(p => p.HostPort > 0)
            .Select(p => new HostPort(p.Port.Number, p.HostPort, p.Port.Protocol == "udp" ? PortProtocol.Udp : PortProtocol.Tcp))
            .Distinct()
            .OrderBy(p => p.Target).ThenBy(p => p.Published).ThenBy(p => p.Protocol)
            .ToImmutableArray();
        return known.Length == found.Length && found.All(known.Contains) ? known : found;
    }
}
