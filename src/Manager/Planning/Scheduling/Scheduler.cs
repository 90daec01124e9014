// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Planning.Scheduling.Filters;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Scheduling;

/// <summary>
/// Places replicas of one revision: of the nodes that pass all filters the one with the fewest replicas of the same revision, then the
/// emptiest. Nodes without a replica of it are looked through in the order of their load, until one fits; those that have one are few and
/// are ranked. So k replicas cost k · log(nodes) where nodes fit; a node that does not is looked at once. It reads its arguments and
/// nothing else.
/// </summary>
internal sealed class Scheduler
{
    private static readonly ImmutableArray<IPlacementFilter> Filters =
    [
        new NodeStateFilter(), new AvailabilityFilter(), new ConstraintFilter(), new ImageFilter(), new VolumeHomeFilter(),
        new HookFilter(), new DiskFilter(), new PortFilter(), new CpuFilter(), new MemoryFilter(), new AllocationCountFilter(),
        new RecentFailureFilter(), new ColourFilter(),
    ];

    private readonly NodeTable nodes;
    private readonly PlacementRequest request;
    private readonly SortedDictionary<NodeId, int> sameService;

    // Within a turn nodes only become fuller: what lies before this place has a replica or did not fit, and will not fit again.
    private NodeLoad? cursor;
    private SortedSet<NodeRank>? hosts;

    /// <param name="nodes">The nodes with what is reserved on them.</param>
    /// <param name="request">What is to be placed.</param>
    /// <param name="sameService">How many wanted replicas of the same revision each node has; missing: none.</param>
    public Scheduler(NodeTable nodes, PlacementRequest request, IReadOnlyDictionary<NodeId, int> sameService)
    {
        this.nodes = nodes;
        this.request = request;
        this.sameService = [];
        foreach (var (node, count) in sameService) this.sameService[node] = count;
    }

    /// <summary>No node fits now.</summary>
    public bool IsFull => Best() is null;

    /// <summary>The best node that fits; null: none. Nothing is reserved yet.</summary>
    public NodeId? Best() => BestWithout() ?? BestHost();

    /// <summary>The given node fits.</summary>
    public bool Fits(NodeId node) => nodes.Find(node) is { } candidate && Check(candidate) is null;

    /// <summary>The given node would fit if one allocation of the spec had gone from it.</summary>
    public bool FitsWithout(NodeId node, ServiceSpec spec, string holder) => nodes.Find(node) is { } candidate
        && Check(candidate with { Usage = candidate.Usage.Without(spec, holder) }) is null;

    /// <summary>A replica was placed on the node: what it reserves is taken.</summary>
    public void Take(NodeId node, string holder)
    {
        nodes.Take(node, request.Spec, holder);
        var count = sameService.GetValueOrDefault(node) + 1;
        sameService[node] = count;
        if (count == 1) hosts?.Add(RankOf(nodes.Find(node)!));
    }

    /// <summary>What each node says of one more replica, by node.</summary>
    public ImmutableArray<NodeVerdict> Verdicts()
    {
        var all = nodes.All.Select(node => (Node: node, Reason: Check(node))).ToList();
        var ranks = all.Where(one => one.Reason is null).Select(one => RankOf(one.Node)).Order()
            .Select((rank, index) => (rank.Load.Node, index)).ToImmutableSortedDictionary(pair => pair.Node, pair => pair.index);
        return [.. all.Select(one => new NodeVerdict(one.Node.Record.Id, one.Reason, one.Node.FreeCpuNano, one.Node.FreeMemoryBytes,
            ranks.GetValueOrDefault(one.Node.Record.Id, -1)))];
    }

    /// <summary>Some node could take it, now or later, as service and nodes are.</summary>
    public bool CouldEverFit() => nodes.All.Any(CouldEverFit);

    /// <summary>The given node could take it, now or later.</summary>
    public bool CouldEverFit(NodeId node) => CouldEverFit(nodes.Find(node)!);

    private bool CouldEverFit(NodeCandidate node) => Filters.All(filter => filter.CouldHold(node, request));

    private Reason? Check(NodeCandidate node)
    {
        foreach (var filter in Filters)
            if (filter.Check(node, request) is { } reason) return reason;
        return null;
    }

    private NodeId? BestWithout()
    {
        for (var load = nodes.FirstFrom(cursor); load is { } here; load = nodes.Next(here))
        {
            cursor = here;
            if (!sameService.ContainsKey(here.Node) && Fits(here.Node)) return here.Node;
        }

        return null;
    }

    /// <summary>A rank that was noted may be out of date, and then is too low: the lowest that still holds is the best.</summary>
    private NodeId? BestHost()
    {
        hosts ??= [.. sameService.Keys.Select(nodes.Find).OfType<NodeCandidate>().Select(RankOf)];
        while (hosts.Count > 0)
        {
            var noted = hosts.Min;
            var candidate = nodes.Find(noted.Load.Node)!;
            var fits = Check(candidate) is null;
            var rank = RankOf(candidate);
            if (fits && rank == noted) return noted.Load.Node;
            hosts.Remove(noted);
            if (fits) hosts.Add(rank);
        }

        return null;
    }

    private NodeRank RankOf(NodeCandidate node) => new(sameService.GetValueOrDefault(node.Record.Id), node.Load);
}
