// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Model;
using ClusterManager.Wire;

namespace ClusterManager.Manager.Tests.Recovery;

/// <summary>The second life of a state, at its first term: nodes that follow the first life, and time that is turned by hand.</summary>
internal sealed class RestoredCluster
{
    public const int Floor = 100_000;
    private long sessions;
    private long tickets;

    public RestoredCluster(int nodes, Func<ClusterState, ClusterState>? shape = null)
    {
        var stored = States.Stored(nodes);
        var meta = stored.Meta with { Incarnation = 2, GenerationFloor = Floor };
        var built = ClusterStateBuilder.Build(stored with { Meta = meta, Version = new StateVersion(2, 5, 0), NextServiceId = 1_000_001 });
        // Stored and read again: what the shape left out of the indexes and generations is there.
        var shaped = ClusterStateBuilder.Store((shape ?? (state => state))(built));
        State = ClusterEngine.StartTerm(ClusterStateBuilder.Build(shaped with { Version = new StateVersion(2, 5, 0) }), ModelCluster.Epoch);
    }

    public ClusterState State { get; private set; }

    public DateTimeOffset Now { get; private set; } = ModelCluster.Epoch;

    /// <summary>All serf checks say that every machine is gone: the restored Consul knows none of them.</summary>
    public void NobodyInConsul() => Turn(new ClusterEvent.SerfObserved(ImmutableSortedDictionary<NodeId, bool>.Empty));

    /// <summary>A node confirms the second life and says what it holds.</summary>
    public void Confirm(int node, params HeldAllocation[] held)
    {
        var facts = ModelCluster.NodeNumber(node).Facts!;
        var report = held.Where(one => one.Seen is not null).Select(one => new AllocationReport(one.Id, one.Seen!)).ToImmutableArray();
        Turn(new ClusterEvent.NodeConnected(ModelCluster.Id(node), ++sessions, facts, true, report) { Held = [.. held] });
    }

    public MutationResult Ask(Func<long, MutationOrigin, ClusterEvent.Mutation> mutation)
    {
        var ticket = ++tickets;
        return Turn(mutation(ticket, new MutationOrigin($"r{ticket}", "olga", "m"))).Replies.Single(reply => reply.Ticket == ticket).Result;
    }

    public MutationResult Adopt(string name) =>
        Ask((ticket, origin) => new ClusterEvent.AdoptStrays(ticket, origin, ServiceName.Parse(name)));

    public void Pass(TimeSpan span)
    {
        Now += span;
        Turn();
    }

    public StepResult Turn(params ClusterEvent[] events)
    {
        var before = State;
        var result = ClusterEngine.Step(State, events, Now);
        State = result.State;
        Assert.Empty(StateInvariants.CheckStep(before, State));
        return result;
    }

    public IReadOnlyList<AllocationRecord> Live(long service) =>
        [.. State.Allocations.GetValueOrDefault(new ServiceId(service), SlotMap.Empty).BySlot.Values.SelectMany(records => records)
            .Where(record => record.IsLive)];

    /// <summary>What an agent holds and runs.</summary>
    public static HeldAllocation Held(ServiceSpec spec, long service, int slot, int generation, int revision = 1) => new(
        new AllocationId(new ServiceId(service), slot, generation), revision, spec, SpecHash.OfSpec(spec), SpecHash.OfTemplate(spec),
        spec.Container.Image + "@sha256:00", false, Running);

    private static AllocationObservation Running => new()
    {
        State = AllocationState.Running, Health = HealthState.None, ChangedAt = ModelCluster.Epoch, ContainerId = "c",
    };
}
