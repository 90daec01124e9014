// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Model;
using ClusterManager.Wire;

namespace ClusterManager.Manager.Tests.Support;

/// <summary>States made by hand, and parts of them.</summary>
internal static class States
{
    public static readonly ClusterId Cluster = new(1);

    /// <summary>Some nodes and nothing on them, at the beginning of term 10.</summary>
    public static ClusterState Empty(int nodes = 2) =>
        ClusterEngine.StartTerm(ClusterStateBuilder.Build(Stored(nodes)), ModelCluster.Epoch);

    public static StoredCluster Stored(int nodes) => new()
    {
        Meta = new ClusterMeta(Cluster, 1, "test", ModelCluster.Epoch), Version = new StateVersion(1, 10, 0), NextServiceId = 1,
        NextNodeOrdinal = nodes + 1, NextRequest = 1, Nodes = [.. Enumerable.Range(1, nodes).Select(ModelCluster.NodeNumber)],
    };

    /// <summary>Service 1, resolved, with these allocations.</summary>
    public static ClusterState With(this ClusterState state, ServiceSpec spec, params AllocationRecord[] allocations)
    {
        var id = new ServiceId(state.NextServiceId);
        var service = new ServiceRecord
        {
            Id = id, Name = spec.Name, Revision = 1, Replicas = spec.Replicas ?? 1, NextRevision = 2, CreatedAt = ModelCluster.Epoch,
            CreatedBy = "operator test", UpdatedAt = ModelCluster.Epoch, Rollout = Rollout(RolloutState.Succeeded),
        };
        var revision = new RevisionRecord
        {
            Service = id, Number = 1, Spec = spec, TemplateHash = SpecHash.OfTemplate(spec), SpecHash = SpecHash.OfSpec(spec),
            CreatedAt = ModelCluster.Epoch, Actor = "operator test",
            Image = new ResolvedImage { Digest = "sha256:00", Pinned = spec.Container.Image + "@sha256:00" },
        };
        var known = state with
        {
            NextServiceId = id.Value + 1,
            Services = state.Services.SetItem(id, service),
            Revisions = state.Revisions.SetItem(id, ImmutableSortedDictionary<int, RevisionRecord>.Empty.Add(1, revision)),
            ServicesByDiscoveryName = state.ServicesByDiscoveryName.SetItem(spec.Name.DiscoveryName, id),
        };
        return known.Holding(id, allocations);
    }

    /// <summary>The service has exactly these allocations.</summary>
    public static ClusterState Holding(this ClusterState state, ServiceId service, params AllocationRecord[] allocations)
    {
        var map = new SlotMap
        {
            BySlot = allocations.GroupBy(one => one.Id.Slot).ToImmutableSortedDictionary(
                slot => slot.Key, slot => slot.OrderBy(one => one.Id).ToImmutableArray()),
        };
        var all = state.Allocations.SetItem(service, map);
        var known = state with { Allocations = all, LiveByNode = ClusterStateBuilder.LiveByNodeOf(all) };
        return (known with { NodeIndex = NodeIndex.Of(known) }).Next();
    }

    /// <summary>The next commit's version.</summary>
    public static ClusterState Next(this ClusterState state) =>
        state with { Version = state.Version with { Number = state.Version.Number + 1 } };

    public static AllocationRecord Allocation(int slot, int node, DesiredState desired = DesiredState.Run, long service = 1,
        int generation = 1) => new()
    {
        Id = new AllocationId(new ServiceId(service), slot, generation), Node = ModelCluster.Id(node), Revision = 1, Desired = desired,
        CreatedAt = ModelCluster.Epoch,
    };

    public static RolloutRecord Rollout(RolloutState state) => new()
    {
        Number = 1, State = state, ToRevision = 1, StartedAt = ModelCluster.Epoch, Deadline = TimeSpan.FromMinutes(5),
        Actor = "operator test", EndedAt = state == RolloutState.Running ? null : ModelCluster.Epoch,
    };

    /// <summary>A mutation that needs one commit of two keys.</summary>
    public static Func<long, ClusterEvent.Mutation> CreateToken(string id) => ticket => new ClusterEvent.CreateToken(
        ticket, new MutationOrigin($"request-{id}", "operator test", "Create"),
        new TokenRecord
        {
            Id = id, SecretHash = new byte[] { 1 }, IsManager = false, ExpiresAt = DateTimeOffset.MaxValue.AddDays(-1), UsesLeft = 1,
            CreatedBy = "operator test", CreatedAt = ModelCluster.Epoch,
        });
}
