// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Scheduling;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning;

/// <summary>
/// The workbench of one turn: the state as it becomes, the changes that will be committed, and what is to be looked at again. It lives
/// within one call of <c>Step</c> and is the only mutable thing in it.
/// </summary>
internal sealed class Turn
{
    private readonly SortedSet<NodeId> moved = [];
    private SortedSet<NodeId> changed = [];
    private NodeTable? nodes;

    public Turn(ClusterState state, DateTimeOffset now, EngineTimings timings)
    {
        State = state;
        Now = now;
        Timings = timings;
        Dirty = state.Memory.Dirty.ToBuilder();
        Due = state.Memory.Due.ToBuilder();
    }

    public ClusterState State { get; set; }

    public DateTimeOffset Now { get; }

    public EngineTimings Timings { get; }

    public TurnBudget Budget { get; set; } = new();

    public ImmutableSortedSet<ServiceId>.Builder Dirty { get; }

    public ImmutableSortedDictionary<ServiceId, DateTimeOffset>.Builder Due { get; }

    public List<MutationReply> Replies { get; } = [];

    /// <summary>When the nodes' states may change by time alone; null: never.</summary>
    public DateTimeOffset? NodesDue { get; set; }

    /// <summary>When a release that waits is to be looked at again; null: none waits.</summary>
    public DateTimeOffset? ReleasesDue { get; private set; }

    /// <summary>An allocation ended or a node changed: gaps may be filled now.</summary>
    public bool RoomMayHaveGrown { get; set; }

    /// <summary>Work is left that only the turn's size kept back.</summary>
    public bool HasLeftovers { get; set; }

    /// <summary>
    /// The nodes with what is reserved on them, as they are when it is first asked for. Ask only when nodes change no more.
    /// </summary>
    public NodeTable Nodes => nodes ??= NodeTable.Of(Indexed());

    public PlannerMemory Memory
    {
        get => State.Memory;
        set => State = State with { Memory = value };
    }

    /// <summary>A release is to be looked at again at this time.</summary>
    public void LookAgainAtReleases(DateTimeOffset at)
    {
        if (ReleasesDue is null || at < ReleasesDue) ReleasesDue = at;
    }

    public NodeState NodeStateOf(NodeId node) => State.NodeObservations.TryGetValue(node, out var seen) ? seen.State : NodeState.Unknown;

    public string NodeName(NodeId node) => State.Nodes.TryGetValue(node, out var record) ? record.Name : node.ToString();

    /// <summary>The node's allocations are to be replaced.</summary>
    public bool IsLost(NodeId node) => State.Memory.LostNodes.Contains(node) || !State.Nodes.ContainsKey(node);

    /// <summary>Everything that a change of the node may concern is planned again.</summary>
    public void MarkNode(NodeId node)
    {
        RoomMayHaveGrown = true;
        if (State.LiveByNode.TryGetValue(node, out var live))
            foreach (var id in live) Dirty.Add(id.Service);
        foreach (var service in State.GlobalServices) Dirty.Add(service);
    }

    /// <summary>What is reserved on the node, or whether it takes replicas, may have changed: it is counted again.</summary>
    public void Recount(NodeId node) => moved.Add(node);

    /// <summary>The state with its index of nodes up to date.</summary>
    public ClusterState Indexed()
    {
        if (moved.Count == 0) return State;
        State = State with { NodeIndex = State.NodeIndex.Recounted(State, moved) };
        moved.Clear();
        return State;
    }

    /// <summary>The nodes about which something was written since the last call.</summary>
    public SortedSet<NodeId> TakeChanged()
    {
        var taken = changed;
        changed = [];
        return taken;
    }

    /// <summary>Writes what this term has seen of a node.</summary>
    public void PutObservation(NodeId node, NodeObservation seen)
    {
        State = State with { NodeObservations = State.NodeObservations.SetItem(node, seen) };
        Note(node);
    }

    public void PutNode(NodeRecord node)
    {
        State = State with { Nodes = State.Nodes.SetItem(node.Id, node) };
        Note(node.Id);
        Budget.Put(new StateChange.PutNode(node), SizeEstimate.Of(node));
    }

    public void RemoveNode(NodeId node)
    {
        State = State with { Nodes = State.Nodes.Remove(node), NodeObservations = State.NodeObservations.Remove(node) };
        Note(node);
        Budget.Put(new StateChange.DeleteNode(node), 0);
    }

    public void PutService(ServiceRecord service)
    {
        State = State with { Services = State.Services.SetItem(service.Id, service) };
        IndexMode(service);
        Budget.Put(new StateChange.PutService(service), SizeEstimate.Of(service));
    }

    public void PutRevision(RevisionRecord revision)
    {
        var all = State.Revisions.GetValueOrDefault(revision.Service, ImmutableSortedDictionary<int, RevisionRecord>.Empty);
        State = State with { Revisions = State.Revisions.SetItem(revision.Service, all.SetItem(revision.Number, revision)) };
        if (State.Services.TryGetValue(revision.Service, out var service)) IndexMode(service);
        Budget.Put(new StateChange.PutRevision(revision), SizeEstimate.Of(revision));
    }

    public void PutVolume(VolumeRecord volume)
    {
        State = State with { Volumes = State.Volumes.SetItem(ClusterStateBuilder.VolumeKey(volume.Stack, volume.Name), volume) };
        Budget.Put(new StateChange.PutVolume(volume), 80 + SizeEstimate.Of(volume.Stack) + SizeEstimate.Of(volume.Name));
    }

    private void Note(NodeId node)
    {
        changed.Add(node);
        moved.Add(node);
    }

    private void IndexMode(ServiceRecord service)
    {
        var isGlobal = ClusterStateBuilder.IsGlobal(service, State.Revisions);
        if (isGlobal == State.GlobalServices.Contains(service.Id)) return;
        var all = State.GlobalServices;
        State = State with { GlobalServices = isGlobal ? all.Add(service.Id) : all.Remove(service.Id) };
    }
}
