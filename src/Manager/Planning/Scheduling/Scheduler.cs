// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Planning.Scheduling.Filters;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Scheduling;

/// <summary>
/// Places replicas of one revision: filters each node once, keeps those that fit in the order of the ranking, and takes the best. A
/// taken node is filtered and ranked again, so k replicas cost k · log(nodes), not k · nodes · allocations. It reads its arguments and
/// nothing else.
/// </summary>
internal sealed class Scheduler
{
    private static readonly ImmutableArray<IPlacementFilter> Filters =
    [
        new NodeStateFilter(), new AvailabilityFilter(), new ConstraintFilter(), new ImageFilter(), new VolumeHomeFilter(),
        new PortFilter(), new CpuFilter(), new MemoryFilter(), new AllocationCountFilter(), new RecentFailureFilter(),
    ];

    private readonly NodeTable nodes;
    private readonly PlacementRequest request;
    private readonly SortedDictionary<NodeId, int> sameService;
    private readonly SortedSet<NodeRank> fitting = [];

    /// <param name="nodes">The nodes with what is reserved on them.</param>
    /// <param name="request">What is to be placed.</param>
    /// <param name="sameService">How many wanted replicas of the same revision each node has; missing: none.</param>
    public Scheduler(NodeTable nodes, PlacementRequest request, IReadOnlyDictionary<NodeId, int> sameService)
    {
        this.nodes = nodes;
        this.request = request;
        this.sameService = [];
        foreach (var (node, count) in sameService) this.sameService[node] = count;
        foreach (var node in nodes.Candidates.Values)
            if (Check(node) is null) fitting.Add(RankOf(node));
    }

    /// <summary>No node fits now.</summary>
    public bool IsFull => fitting.Count == 0;

    /// <summary>The best node that fits; null: none. Nothing is reserved yet.</summary>
    public NodeId? Best() => fitting.Count == 0 ? null : fitting.Min.Node;

    /// <summary>The given node fits.</summary>
    public bool Fits(NodeId node) => nodes.Candidates.TryGetValue(node, out var candidate) && fitting.Contains(RankOf(candidate));

    /// <summary>The given node would fit if one allocation of the spec had gone from it.</summary>
    public bool FitsWithout(NodeId node, ServiceSpec spec, string holder) => nodes.Candidates.TryGetValue(node, out var candidate)
        && Check(candidate with { Usage = candidate.Usage.Without(spec, holder) }) is null;

    /// <summary>A replica was placed on the node: what it reserves is taken.</summary>
    public void Take(NodeId node, string holder)
    {
        var candidate = nodes.Candidates[node];
        fitting.Remove(RankOf(candidate));
        candidate.Usage.Add(request.Spec, holder);
        sameService[node] = sameService.GetValueOrDefault(node) + 1;
        if (Check(candidate) is null) fitting.Add(RankOf(candidate));
    }

    /// <summary>What each node says of one more replica, by node.</summary>
    public ImmutableArray<NodeVerdict> Verdicts()
    {
        var ranks = fitting.Select((rank, index) => (rank.Node, index)).ToImmutableSortedDictionary(pair => pair.Node, pair => pair.index);
        return [.. nodes.Candidates.Values.Select(node => new NodeVerdict(
            node.Record.Id, Check(node), node.FreeCpuNano, node.FreeMemoryBytes, ranks.GetValueOrDefault(node.Record.Id, -1)))];
    }

    /// <summary>Some node could take it, now or later, as service and nodes are.</summary>
    public bool CouldEverFit() => nodes.Candidates.Values.Any(CouldEverFit);

    /// <summary>The given node could take it, now or later.</summary>
    public bool CouldEverFit(NodeId node) => CouldEverFit(nodes.Candidates[node]);

    private bool CouldEverFit(NodeCandidate node) => Filters.All(filter => filter.CouldHold(node, request));

    private Reason? Check(NodeCandidate node)
    {
        foreach (var filter in Filters)
            if (filter.Check(node, request) is { } reason) return reason;
        return null;
    }

    /// <summary>Fewest of the same service, then the lowest reserved share, then fewest allocations, then the lowest id.</summary>
    private NodeRank RankOf(NodeCandidate node) =>
        new(sameService.GetValueOrDefault(node.Record.Id), node.ReservedShare, node.Usage.Allocations, node.Record.Id);
}
