// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Agent.Allocations;

/// <summary>
/// What a runner does next, from what it knows and what it is told. Pure: called again after every step and every news, so that a missed
/// event costs time and never truth.
/// </summary>
internal static class RunnerPlanner
{
    /// <summary>Unhealthy for longer than this, the container is restarted. Callers have been kept away since its first moment.</summary>
    public static readonly TimeSpan UnhealthyGrace = TimeSpan.FromSeconds(30);

    /// <summary>A Consul that does not answer may hold up a stop for so long.</summary>
    public static readonly TimeSpan DeregistrationPatience = TimeSpan.FromSeconds(2);

    /// <summary>Callers' open connections may hold up a stop for so long after the drain delay.</summary>
    public static readonly TimeSpan ConnectionPatience = TimeSpan.FromSeconds(10);

    /// <summary>How often open connections are counted.</summary>
    public static readonly TimeSpan ConnectionRhythm = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(10);

    /// <summary>The next step.</summary>
    public static RunnerStep Next(AllocationFacts facts, RunnerInputs inputs, TimeSpan now)
    {
        if (!inputs.IsEngineUp) return new RunnerStep.Wait(null);
        if (!facts.IsLocated) return new RunnerStep.Locate();
        var duplicate = inputs.Duplicates.FirstOrDefault(id => id != facts.ContainerId && id != facts.RemovedDuplicate);
        if (duplicate is not null) return new RunnerStep.RemoveDuplicate(duplicate);
        if (inputs.Goal >= RunnerGoal.Stop) return OfStop(facts, inputs, now);
        if (inputs.Goal == RunnerGoal.Observe || (inputs.Goal == RunnerGoal.Hold && !facts.HasRunHere)) return new RunnerStep.Wait(null);
        if (inputs.Assignment is not { } assignment || facts.IsFinished) return new RunnerStep.Wait(null);
        if (inputs.IsResumed && HookSlot.IsHook(facts.Id.Slot) && facts is { ContainerId: "", State: AllocationState.Assigned })
            return new RunnerStep.Note(GoneHook(facts, now));
        return facts.NextAttemptAt is { } at
            ? now >= at ? new RunnerStep.Note(BeginNext(facts, now)) : new RunnerStep.Wait(at)
            : OfRun(facts, inputs.Goal == RunnerGoal.Prepare, assignment, now);
    }

    // A hook runs at most once: where its container is missing, an earlier life of this agent may have run it.
    private static AllocationFacts GoneHook(AllocationFacts facts, TimeSpan now) =>
        ContainerFold.End(facts, AllocationInput.Vanished, new AttemptEnd(AttemptEndKind.RemovedByHand, 0, TimeSpan.Zero), now)
            with { Reason = FailureReasons.HookUnknown };

    private static RunnerStep OfRun(AllocationFacts facts, bool isPrepareOnly, Assignment assignment, TimeSpan now) => facts.Action switch
    {
        AllocationAction.Begin when facts.ContainerId == "" || facts.NeedsNewContainer =>
            new RunnerStep.Note(facts.Move(AllocationInput.Prepare, now)),
        AllocationAction.Begin when !isPrepareOnly => new RunnerStep.Note(facts.Move(AllocationInput.ContainerReady, now)),
        AllocationAction.PullImage => new RunnerStep.Pull(),
        AllocationAction.CreateContainer when !isPrepareOnly => new RunnerStep.Create(),
        AllocationAction.StartContainer when !isPrepareOnly => new RunnerStep.Start(),
        AllocationAction.Watch => OfWatch(facts, assignment, now),
        AllocationAction.DecideRestart => new RunnerStep.Note(Decide(facts, assignment, now)),
        _ => new RunnerStep.Wait(null),
    };

    private static RunnerStep OfWatch(AllocationFacts facts, Assignment assignment, TimeSpan now)
    {
        var restartAt = facts.UnhealthySince + UnhealthyGrace;
        if (now >= restartAt && assignment.Spec.Restart.Condition != RestartCondition.None)
            return new RunnerStep.Stop(assignment.Spec.Container.StopGracePeriod, IsUnhealthy: true);
        if (facts.Probes is not { } probes) return new RunnerStep.Wait(restartAt);
        if (now >= probes.NextAt) return new RunnerStep.Probe();
        return new RunnerStep.Wait(restartAt < probes.NextAt ? restartAt : probes.NextAt);
    }

    private static AllocationFacts Decide(AllocationFacts facts, Assignment assignment, TimeSpan now)
    {
        var end = facts.LastEnd ?? new AttemptEnd(AttemptEndKind.Exited, facts.ExitCode ?? 0, TimeSpan.Zero);
        var verdict = RestartDecision.Decide(assignment.Spec.Restart, facts.History, end, facts.Id, now);
        return verdict switch
        {
            RestartVerdict.Now => facts with { NextAttemptAt = now },
            RestartVerdict.At at => facts with { NextAttemptAt = at.Moment, Reason = FailureReasons.Waiting(facts, end) },
            _ => facts with { IsFinished = true },
        };
    }

    private static AllocationFacts BeginNext(AllocationFacts facts, TimeSpan now) => facts.Move(AllocationInput.NextAttempt, now) with
    {
        History = facts.History.AfterRestart(now),
        NextAttemptAt = null,
        LastEnd = null,
        Health = HealthState.Unknown,
        Probes = null,
        UnhealthySince = null,
    };

    private static RunnerStep OfStop(AllocationFacts facts, RunnerInputs inputs, TimeSpan now)
    {
        if (facts.State == AllocationState.Stopping) return OfStopping(facts, inputs, now);
        if (!AllocationTransitions.IsEnd(facts.State))
        {
            return new RunnerStep.Note(facts.Move(AllocationInput.StopRequested, now) with
            {
                StopBegan = now,
                WasInDiscovery = inputs.WasInDiscovery && MayBeInDiscovery(inputs),
                NextAttemptAt = null,
            });
        }
        if (!facts.IsFinished || facts.NextAttemptAt is not null)
            return new RunnerStep.Note(facts with { IsFinished = true, NextAttemptAt = null });
        if (inputs.Goal >= RunnerGoal.Remove && facts.ContainerId != "") return new RunnerStep.Remove();
        return inputs.Goal == RunnerGoal.Forget ? new RunnerStep.Done() : new RunnerStep.Wait(null);
    }

    // Out of discovery first, then the time in which callers forget it, then the end of what they have begun, then the signal.
    private static RunnerStep OfStopping(AllocationFacts facts, RunnerInputs inputs, TimeSpan now)
    {
        if (!facts.IsRunning) return new RunnerStep.Note(facts.Move(AllocationInput.StopCompleted, now) with { IsFinished = true });
        var spec = inputs.Assignment?.Spec;
#if MUTANTS
        if (MutantSwitch.Is(Mutant.DeregisterAfterStop))
            return new RunnerStep.Stop(spec?.Container.StopGracePeriod ?? DefaultGrace, IsUnhealthy: false);
#endif
        if (facts.LeftDiscoveryAt is not { } left)
        {
            var patience = (facts.StopBegan ?? now) + DeregistrationPatience;
            return inputs.IsInDiscovery && MayBeInDiscovery(inputs) && now < patience
                ? new RunnerStep.Wait(patience)
                : new RunnerStep.Note(facts with { LeftDiscoveryAt = now, MayStillBeKnown = inputs.IsInDiscovery });
        }

        // Consul was slow: callers begin to forget it only now.
        if (facts.MayStillBeKnown && !inputs.IsInDiscovery)
            return new RunnerStep.Note(facts with { LeftDiscoveryAt = now, MayStillBeKnown = false });
        var drained = facts.WasInDiscovery ? left + (spec?.DrainDelay ?? ServiceSpec.DefaultDrainDelay) : left;
#if MUTANTS
        if (MutantSwitch.Is(Mutant.NoDrain)) drained = now;
#endif
        if (now < drained) return new RunnerStep.Wait(drained);
        if (spec is not null && facts.WasInDiscovery && OfConnections(facts, spec, drained, now) is { } step) return step;
        return new RunnerStep.Stop(spec?.Container.StopGracePeriod ?? DefaultGrace, IsUnhealthy: false);
    }

    // Who keeps a connection open for ever is cut off in the end. Without a drain delay nobody is waited for, and what holds a volume is
    // not, since its successor waits for it.
    private static RunnerStep? OfConnections(AllocationFacts facts, ServiceSpec spec, TimeSpan drained, TimeSpan now)
    {
        var patience = drained + ConnectionPatience;
        if (now >= patience || spec.DrainDelay == TimeSpan.Zero || HoldsVolume(spec)) return null;
        if (facts.CountedAt is not { } counted || counted < drained || now >= counted + ConnectionRhythm)
            return new RunnerStep.CountConnections();
        if (facts.OpenConnections == 0) return null;
        var next = counted + ConnectionRhythm;
        return new RunnerStep.Wait(next < patience ? next : patience);
    }

    private static bool HoldsVolume(ServiceSpec spec) =>
        spec.Container.Mounts.Any(mount => mount is { Kind: MountKind.Volume, Source: not null });

    // What publishes nothing is never registered; of an unknown assignment nobody can say.
    private static bool MayBeInDiscovery(RunnerInputs inputs) => inputs.Assignment is not { Spec.Ports.IsEmpty: true };
}
