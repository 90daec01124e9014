// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Recovery;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Nodes;

/// <summary>Folds what agents and Consul say into the state. Nothing here is stored; it says what is dirty.</summary>
internal static class Witnesses
{
    public static void Fold(Turn turn, ClusterEvent happened)
    {
        switch (happened)
        {
            case ClusterEvent.NodeConnected connected: Connected(turn, connected); break;
            case ClusterEvent.NodeDisconnected lost: Disconnected(turn, lost); break;
            case ClusterEvent.AgentReported report: Reported(turn, report); break;
            case ClusterEvent.SerfObserved serf: Serf(turn, serf); break;
            case ClusterEvent.ImageAnswered answer: ImageAnswer(turn, answer); break;
            case ClusterEvent.ImagePulled pulled: Pulled(turn, pulled); break;
            case ClusterEvent.GateAnswered answer: GateAnswered(turn, answer); break;
        }
    }

    private static void Connected(Turn turn, ClusterEvent.NodeConnected connected)
    {
        if (!turn.State.Nodes.ContainsKey(connected.Node)) return;
        var seen = SeenOf(turn, connected.Node);
        if (connected.Session <= seen.SessionNumber) return;
        seen = seen with { HasSession = true, SessionNumber = connected.Session, SessionLostAt = null, Facts = connected.Facts };
        seen = seen with
        {
            Protocol = connected.Protocol, CanPull = connected.CanPull, KnowsColours = connected.KnowsColours,
            CanRunHooks = connected.CanRunHooks, Disk = connected.Disk,
            Strays = Strays.Among(turn.State, connected.Node, connected.Held),
        };
        Put(turn, connected.Node, WithEngine(turn, seen, connected.EngineUp));
        ForgetUnreported(turn, connected);
        Observe(turn, connected.Node, connected.Report);
    }

    private static void Disconnected(Turn turn, ClusterEvent.NodeDisconnected lost)
    {
#if MUTANTS
        if (MutantSwitch.Is(Mutant.OldSessionEnds) && turn.State.NodeObservations.TryGetValue(lost.Node, out var any))
            lost = lost with { Session = any.SessionNumber };
#endif
        if (!turn.State.NodeObservations.TryGetValue(lost.Node, out var seen) || seen.SessionNumber != lost.Session
            || !seen.HasSession) return;
        Put(turn, lost.Node, seen with { HasSession = false, SessionLostAt = turn.Now });
    }

    private static void Reported(Turn turn, ClusterEvent.AgentReported report)
    {
        if (!turn.State.NodeObservations.TryGetValue(report.Node, out var seen) || seen.SessionNumber != report.Session
            || !seen.HasSession) return;
        if (report.EngineUp != seen.EngineUp || report.Facts is not null)
            Put(turn, report.Node, WithEngine(turn, seen with { Facts = report.Facts ?? seen.Facts }, report.EngineUp));
        if (report.Disk is { } disk) Measured(turn, report.Node, disk);
        Observe(turn, report.Node, report.Report);
    }

    /// <summary>Where there is room again, gaps may be filled.</summary>
    private static void Measured(Turn turn, NodeId node, DiskObservation disk)
    {
        var seen = SeenOf(turn, node);
        Put(turn, node, seen with { Disk = disk });
        if (seen.Disk?.IsPressed == true && !disk.IsPressed) turn.MarkNode(node);
    }

    /// <summary>A node that Consul no longer lists is as gone as one that it lists as failed.</summary>
    private static void Serf(Turn turn, ClusterEvent.SerfObserved serf)
    {
        foreach (var node in serf.Only ?? turn.State.Nodes.Keys)
        {
            if (!turn.State.Nodes.ContainsKey(node)) continue;
            var passing = serf.Passing.TryGetValue(node, out var value) && value;
            var seen = SeenOf(turn, node);
            if (seen.SerfPassing != passing) Put(turn, node, seen with { SerfPassing = passing, SerfChangedAt = turn.Now });
        }
    }

    private static void ImageAnswer(Turn turn, ClusterEvent.ImageAnswered answer)
    {
        if (!turn.State.ImageQueries.TryGetValue(answer.Query, out var query) || !query.AskedNodes.Contains(answer.Node)) return;
        query = query with { Answers = query.Answers.SetItem(answer.Node, answer.Answer) };
        turn.State = turn.State with { ImageQueries = turn.State.ImageQueries.SetItem(query.Number, query) };
        turn.Dirty.Add(query.Service);
    }

    private static void Pulled(Turn turn, ClusterEvent.ImagePulled pulled)
    {
        if (!turn.State.ImagePulls.TryGetValue(pulled.Pull, out var pull) || !pull.WaitsFor(pulled.Node)) return;
        pull = pull with { Answers = pull.Answers.SetItem(pulled.Node, pulled.Answer) };
        turn.State = turn.State with { ImagePulls = turn.State.ImagePulls.SetItem(pull.Number, pull) };
        turn.Dirty.Add(pull.Service);
    }

    private static void GateAnswered(Turn turn, ClusterEvent.GateAnswered answer)
    {
        if (!turn.State.Services.TryGetValue(answer.Service, out var service)) return;
        var rollout = service.Rollout;
        if (rollout is not { State: RolloutState.Running, StepReachedAt: not null }) return;
        if (rollout.Number != answer.Rollout || rollout.Step != answer.Step) return;
        var all = turn.Memory.GateAnswers;
        var gates = all.GetValueOrDefault(service.Id, ImmutableSortedDictionary<int, GateAnswer>.Empty);
        var said = new GateAnswer(answer.Rollout, answer.Step, answer.Verdict, answer.Text, turn.Now);
        turn.Memory = turn.Memory with { GateAnswers = all.SetItem(service.Id, gates.SetItem(answer.Gate, said)) };
        turn.Dirty.Add(service.Id);
    }

    /// <summary>
    /// The first report of a session is complete. What it leaves out does not exist on the node: nothing is known of it, and if it was told
    /// to stop it has stopped (the order will not reach the agent as anything but an order to stop).
    /// </summary>
    private static void ForgetUnreported(Turn turn, ClusterEvent.NodeConnected connected)
    {
        if (!turn.State.LiveByNode.TryGetValue(connected.Node, out var live)) return;
        turn.Recount(connected.Node);
        var reported = connected.Report.Select(report => report.Id).ToHashSet();
        var observations = turn.State.Observations.ToBuilder();
        foreach (var id in live.Where(id => !reported.Contains(id)))
        {
            if (turn.State.Find(id) is { IsWanted: false }) observations[id] = Gone(turn.Now);
            else observations.Remove(id);
            turn.Dirty.Add(id.Service);
        }

        turn.State = turn.State with { Observations = observations.ToImmutable() };
    }

    private static void Observe(Turn turn, NodeId node, ImmutableArray<AllocationReport> reports)
    {
        if (reports.IsEmpty) return;
        var observations = turn.State.Observations.ToBuilder();
        foreach (var (id, seen) in reports)
        {
            if (turn.State.Find(id) is not { } record
                || record.Node != node)
            {
                Look(turn, node, id, seen); // not ours to judge: dispatch tells the agent to drop it, unless the state lost it
                continue;
            }

            if (!observations.TryGetValue(id, out var before) || Matters(before, seen)
                || (before.Registered != seen.Registered && turn.State.Services.GetValueOrDefault(id.Service)?.Rollout.HasColours == true))
                turn.Dirty.Add(id.Service);
            if (record.Desired == DesiredState.Stop && seen.HasEnded != before?.HasEnded) turn.Recount(node);
            if (record.Desired == DesiredState.Stop && seen.HasEnded) turn.RoomMayHaveGrown = true; // kept, and holds nothing
            observations[id] = seen;
        }

        turn.State = turn.State with { Observations = observations.ToImmutable() };
    }

    /// <summary>What is unknown to the state is taken up with what was last seen of it.</summary>
    private static void Look(Turn turn, NodeId node, AllocationId id, AllocationObservation seen)
    {
        var observed = SeenOf(turn, node);
        if (observed.Strays.FirstOrDefault(one => one.Id == id) is not { } stray) return;
        Put(turn, node, observed with { Strays = observed.Strays.Replace(stray, stray with { Seen = seen }) });
    }

    private static bool Matters(AllocationObservation before, AllocationObservation after) =>
        before.State != after.State || before.Health != after.Health || before.Restarts != after.Restarts
        || before.Finished != after.Finished || before.Reason != after.Reason || before.ChangedAt != after.ChangedAt;

    private static AllocationObservation Gone(DateTimeOffset now) =>
        new() { State = AllocationState.Stopped, Health = HealthState.None, ChangedAt = now, Finished = true };

    private static NodeObservation WithEngine(Turn turn, NodeObservation seen, bool isUp) =>
        seen with { EngineUp = isUp, EngineLostAt = isUp ? null : seen.EngineLostAt ?? turn.Now };

    private static NodeObservation SeenOf(Turn turn, NodeId node) =>
        turn.State.NodeObservations.GetValueOrDefault(node) ?? new NodeObservation { StateSince = turn.Now };

    private static void Put(Turn turn, NodeId node, NodeObservation seen) => turn.PutObservation(node, seen);
}
