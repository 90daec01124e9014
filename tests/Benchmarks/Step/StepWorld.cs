// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Wire;

namespace ClusterManager.Benchmarks.Step;

/// <summary>
/// A cluster at rest: as many services as nodes, each with 30 replicas, 30 allocations on each node, all running and all told of.
/// </summary>
public sealed class StepWorld
{
    /// <summary>Allocations of a node, and replicas of a service.</summary>
    public const int PerNode = 30;

    private static readonly DateTimeOffset Epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ResolvedImage Image = new() { Digest = "sha256:00", Pinned = "web@sha256:00" };

    /// <summary>Builds it, and lets the engine come to rest.</summary>
    public StepWorld(int nodes)
    {
        var services = Enumerable.Range(1, nodes).ToList();
        var state = ClusterStateBuilder.Build(new StoredCluster
        {
            Meta = new ClusterMeta(new ClusterId(1), 1, "bench", Epoch), Version = new StateVersion(1, 10, 0),
            NextServiceId = nodes + 1, NextNodeOrdinal = nodes + 1, NextRequest = 1,
            Nodes = [.. services.Select(Node)],
            Services = [.. services.Select(Service)],
            Revisions = [.. services.Select(Revision)],
            Allocations = [.. services.Select(service => Chunk(service, nodes))],
        });
        State = ClusterEngine.StartTerm(state, Epoch);
        Send([new ClusterEvent.SerfObserved(State.Nodes.Keys.ToImmutableSortedDictionary(node => node, _ => true)),
            .. State.Nodes.Values.Select(Connected)]);
        for (var i = 0; i < 100; i++)
        {
            Now += TimeSpan.FromSeconds(1);
            Send([new ClusterEvent.Tick()]);
        }
    }

    /// <summary>The cluster at rest.</summary>
    public ClusterState State { get; private set; }

    /// <summary>The leader's clock.</summary>
    public DateTimeOffset Now { get; private set; } = Epoch.AddMinutes(10);

    /// <summary>A node's id, from 1.</summary>
    public static NodeId Id(int node) => new((UInt128)node);

    /// <summary>One service gets a replica more.</summary>
    public IReadOnlyList<ClusterEvent> ScaleUp =>
        [new ClusterEvent.ScaleServices(1, Origin, [(ServiceName.Parse("s7"), PerNode + 1)], null)];

    /// <summary>One service gets a new environment: the first replica is replaced.</summary>
    public IReadOnlyList<ClusterEvent> NewRevision
    {
        get
        {
            var spec = Spec(7);
            spec = spec with { Container = spec.Container with { Environment = Maps.Of([new("COLOUR", "blue")]) } };
            var accepted = new AcceptedSpec(spec, SpecHash.OfSpec(spec), SpecHash.OfTemplate(spec));
            return [new ClusterEvent.ApplyService(1, Origin, accepted, ApplyExpectation.Any, 0, false)];
        }
    }

    /// <summary>A node dies: both witnesses say so, and 30 replicas of 30 services are placed elsewhere.</summary>
    public IReadOnlyList<ClusterEvent> NodeLost =>
    [
        new ClusterEvent.NodeDisconnected(Id(9), 1),
        new ClusterEvent.SerfObserved(ImmutableSortedDictionary<NodeId, bool>.Empty.Add(Id(9), false), [Id(9)]),
    ];

    /// <summary>An agent tells that a container was restarted.</summary>
    public IReadOnlyList<ClusterEvent> StatusReport
    {
        get
        {
            var id = State.LiveByNode[Id(9)][0];
            return [new ClusterEvent.AgentReported(
                Id(9), 1, true, null, [new AllocationReport(id, State.Observations[id] with { Restarts = 1 })])];
        }
    }

    private static MutationOrigin Origin => new("bench", "olga", "m");

    /// <summary>One turn from rest; the world stays as it is.</summary>
    public StepResult Try(IReadOnlyList<ClusterEvent> events) => ClusterEngine.Step(State, events, Now);

    private void Send(IReadOnlyList<ClusterEvent> events) => State = ClusterEngine.Step(State, events, Now).State;

    private static NodeRecord Node(int number) => new()
    {
        Id = Id(number), Name = $"h{number}", Ordinal = number, Address = "192.0.2.1", JoinedAt = Epoch,
        Facts = new NodeFacts { Hostname = $"h{number}", Os = "linux", Arch = "amd64", CpuNano = 64_000_000_000, MemoryBytes = 256L << 30 },
    };

    private static ServiceRecord Service(int number) => new()
    {
        Id = new ServiceId(number), Name = ServiceName.Parse($"s{number}"), Revision = 1, Replicas = PerNode, NextRevision = 2,
        CreatedAt = Epoch, CreatedBy = "olga", UpdatedAt = Epoch,
        Rollout = new RolloutRecord
        {
            Number = 1, State = RolloutState.Succeeded, ToRevision = 1, StartedAt = Epoch, EndedAt = Epoch,
            Deadline = TimeSpan.FromMinutes(5), Actor = "olga",
        },
    };

    private static ServiceSpec Spec(int number) => new()
    {
        Name = ServiceName.Parse($"s{number}"), Mode = ServiceMode.Replicated, Replicas = PerNode,
        Container = new ContainerSpec { Image = "web" },
        Resources = new ResourceSpec { CpuReservationNano = 100_000_000, MemoryReservationBytes = 64L << 20 },
    };

    private static RevisionRecord Revision(int number)
    {
        var spec = Spec(number);
        return new RevisionRecord
        {
            Service = new ServiceId(number), Number = 1, Spec = spec, TemplateHash = SpecHash.OfTemplate(spec),
            SpecHash = SpecHash.OfSpec(spec), Image = Image, CreatedAt = Epoch, Actor = "olga",
        };
    }

    private static AllocationChunk Chunk(int service, int nodes) => new()
    {
        Service = new ServiceId(service), Chunk = 0,
        Allocations = [.. Enumerable.Range(1, PerNode).Select(slot => new AllocationRecord
        {
            Id = new AllocationId(new ServiceId(service), slot, 1), Node = Id(((service + slot) % nodes) + 1), Revision = 1,
            Desired = DesiredState.Run, CreatedAt = Epoch,
        })],
    };

    private ClusterEvent Connected(NodeRecord node)
    {
        var seen = new AllocationObservation { State = AllocationState.Running, Health = HealthState.None, ChangedAt = Epoch };
        return new ClusterEvent.NodeConnected(
            node.Id, 1, node.Facts!, true, [.. State.LiveByNode[node.Id].Select(id => new AllocationReport(id, seen))]);
    }
}
