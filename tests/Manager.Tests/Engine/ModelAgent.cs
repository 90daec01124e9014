// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Rollouts;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Engine;

/// <summary>
/// An agent in virtual time: takes what the state assigns to its node, runs it as its image behaves, reports what changed.
/// </summary>
public sealed class ModelAgent(ModelCluster cluster, NodeId node)
{
    public static readonly TimeSpan Start = TimeSpan.FromMilliseconds(200);
    public static readonly TimeSpan Stop = TimeSpan.FromMilliseconds(500);
    private readonly SortedDictionary<AllocationId, Container> containers = [];

    public NodeId Node => node;

    public long Session { get; set; }

    public bool IsConnected { get; set; }

    public bool IsPowered { get; set; } = true;

    public bool EngineUp { get; set; } = true;

    public IReadOnlyCollection<AllocationId> Running =>
        [.. containers.Where(pair => pair.Value.Seen.State == AllocationState.Running).Select(pair => pair.Key)];

    public ImmutableArray<AllocationReport> Report => [.. containers.Select(pair => new AllocationReport(pair.Key, pair.Value.Seen))];

    public DateTimeOffset? NextDue => !IsPowered || !EngineUp ? null : containers.Values.Min(container => container.Due);

    public void PowerOff()
    {
        IsPowered = IsConnected = false;
        containers.Clear();
    }

    /// <summary>Takes the newest assignment, as a COMPLETE would bring it.</summary>
    public void Assign(ClusterState state, DateTimeOffset now)
    {
        var live = state.LiveByNode.GetValueOrDefault(node, []);
        foreach (var gone in containers.Keys.Where(id => !live.Contains(id)).ToList()) containers.Remove(gone);
        foreach (var id in live)
        {
            var record = state.Find(id)!;
            if (!containers.TryGetValue(id, out var container))
            {
                containers[id] = container = new Container { Seen = Observed(AllocationState.Assigned, now), Due = now + Start,
                    Behaviour = BehaviourOf(state, record) };
                cluster.Told.Add((now, id.Service, $"Place {id.Slot} {node} r{record.Revision}"));
            }

            container.Colour = Colours.Of(state, record);
            if (record.Desired >= DesiredState.Stop && !container.IsStopping)
            {
                if (!HookSlot.IsHook(id.Slot)) cluster.Told.Add((now, id.Service, $"Stop {id.Slot} {node} r{record.Revision}"));
                container.IsStopping = true;
                container.Due = container.Seen.State is AllocationState.Running or AllocationState.Starting ? now + Stop : now;
            }
        }
    }

    /// <summary>Lets time pass; returns what is to be reported.</summary>
    public ImmutableArray<AllocationReport> Advance(DateTimeOffset now)
    {
        if (!IsPowered || !EngineUp) return [];
        var reports = ImmutableArray.CreateBuilder<AllocationReport>();
        foreach (var (id, container) in containers)
        {
            var isDue = container.Due is { } due && due <= now;
            var isHook = HookSlot.IsHook(id.Slot);
            if (isDue) container.Due = null;
            if (isDue && isHook) (container.Seen, container.Due) = cluster.Hooks.Move(id, container.Seen, container.IsStopping, now);
            else if (isDue) Move(container, now);
            var isTold = !isHook && container is { IsStopping: false, Seen.IsAvailable: true, Colour: Colour.Told };
            if (!isDue && container.Seen.Registered == isTold) continue;
            container.Seen = container.Seen with { Registered = isTold };
            reports.Add(new AllocationReport(id, container.Seen));
        }

        return reports.ToImmutable();
    }

    private ImageBehaviour BehaviourOf(ClusterState state, AllocationRecord record)
    {
        var revision = state.Revisions[record.Id.Service][record.Revision];
        return cluster.Images.GetValueOrDefault(revision.Spec.Container.Image, ImageBehaviour.Good);
    }

    private void Move(Container container, DateTimeOffset now)
    {
        var seen = container.Seen;
        if (container.IsStopping)
        {
            container.Seen = seen with { State = AllocationState.Stopped, Finished = true, ChangedAt = now };
            return;
        }

        if (cluster.TakenPorts.Contains(node))
        {
            container.Seen = seen with { State = AllocationState.Rejected,
                Reason = new Reason(ReasonCode.PortTaken, "port 80 is held by pid 7"), ChangedAt = now };
            container.Due = now + TimeSpan.FromSeconds(5);
            return;
        }

        switch (container.Behaviour)
        {
            case ImageBehaviour.Good:
                container.Seen = Observed(AllocationState.Running, now) with { Restarts = seen.Restarts };
                break;
            case ImageBehaviour.Unhealthy:
                container.Seen = Observed(AllocationState.Running, now)
                    with { Health = HealthState.Unhealthy, Reason = new Reason(ReasonCode.Unhealthy, "probe failed") };
                break;
            case ImageBehaviour.InvalidConfiguration:
                container.Seen = seen with { State = AllocationState.Rejected,
                    Reason = new Reason(ReasonCode.InvalidConfiguration, "bad mount"), ChangedAt = now };
                break;
            case ImageBehaviour.CompletesAtOnce:
                container.Seen = seen with { State = AllocationState.Completed, Finished = true, ChangedAt = now };
                break;
            case ImageBehaviour.FailsForGood:
                container.Seen = seen with { State = AllocationState.Failed, Finished = true, ChangedAt = now,
                    Reason = new Reason(ReasonCode.Exited, "exit code 3") };
                break;
            case ImageBehaviour.Crashes or ImageBehaviour.CrashesAfter3s:
                Crash(container, now);
                break;
            case ImageBehaviour.ServesBetweenCrashes:
                container.Seen = Observed(AllocationState.Running, now) with { Restarts = 2, Attempt = 3 };
                break;
            case ImageBehaviour.NeverStarts:
                container.Seen = seen with { State = AllocationState.Pulling };
                break;
        }
    }

    private static void Crash(Container container, DateTimeOffset now)
    {
        var seen = container.Seen;
        if (seen.State == AllocationState.Running)
        {
            var delay = TimeSpan.FromSeconds(Math.Min(300, seen.Restarts == 0 ? 0 : Math.Pow(2, seen.Restarts)));
            container.Seen = seen with
            {
                State = AllocationState.Failed, ChangedAt = now, ExitCode = 1,
                Reason = new Reason(seen.Restarts == 0 ? ReasonCode.Exited : ReasonCode.CrashLoop, "exit code 1"),
            };
            container.Due = now + delay;
            return;
        }

        var restarts = seen.State == AllocationState.Failed ? seen.Restarts + 1 : seen.Restarts;
        container.Seen = seen with { State = AllocationState.Running, ChangedAt = now, Restarts = restarts, Attempt = restarts + 1 };
        container.Due = now + TimeSpan.FromSeconds(container.Behaviour == ImageBehaviour.Crashes ? 0.1 : 3);
    }

    private static AllocationObservation Observed(AllocationState state, DateTimeOffset now) =>
        new() { State = state, Health = HealthState.None, ChangedAt = now };

    private sealed class Container
    {
        public required AllocationObservation Seen { get; set; }

        public DateTimeOffset? Due { get; set; }

        public bool IsStopping { get; set; }

        public Colour Colour { get; set; }

        public required ImageBehaviour Behaviour { get; init; }
    }
}
