// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Plans;

/// <summary>A node that is to be emptied: which services it concerns, when one has left it, and why one can not.</summary>
internal sealed record Drain(NodeId Node, int WantedBefore)
{
    /// <summary>The services with replicas on the node, by name.</summary>
    public static List<PlannedService> ServicesOf(ClusterState state, NodeId node, DateTimeOffset begin) =>
    [
        .. state.LiveByNode.GetValueOrDefault(node, []).Select(state.Find).OfType<AllocationRecord>()
            .Where(record => record.IsWanted && !state.IsKept(record)).Select(record => record.Id.Service).Distinct()
            .Select(id => state.Services[id]).OrderBy(service => service.Name)
            .Select(service => new PlannedService(OutcomeOf(service), service, state, begin)
            {
                Drain = new Drain(node, WantedOf(state, service.Id, node)),
            }),
    ];

    /// <summary>Nothing of the service lives on the node any more, and whatever had a place has one again.</summary>
    public bool HasLeft(ClusterState state, ServiceId service) =>
        !LiveOf(state, service).Any(record => record.Node == Node) && WantedOf(state, service, Node) >= WantedBefore;

    /// <summary>Why replicas stay, or find no other place.</summary>
    public Reason WhyNot(ClusterState state, ServiceRecord service)
    {
        var left = LiveOf(state, service.Id).Count(record => record.Node == Node);
        var name = state.Nodes.GetValueOrDefault(Node)?.Name ?? Node.ToString();
        var stays = left > 0 ? $"{left} of its replicas {(left == 1 ? "stays" : "stay")} on {name}: " : "";
        if (state.Gaps.GetValueOrDefault(service.Id)?.Reason is { } gap) return gap with { Text = stays + gap.Text };
        return service.Rollout is { State: RolloutState.Running, IsPaused: true }
            ? new Reason(ReasonCode.Halted, $"{stays}its rollout is paused")
            : new Reason(ReasonCode.NoNodeFreeNow, $"{stays}no other node takes it now");
    }

    // A global service wants nothing on a drained node, and elsewhere what it had.
    private static int WantedOf(ClusterState state, ServiceId service, NodeId node)
    {
        var wanted = LiveOf(state, service).Where(record => record.IsWanted);
        return state.GlobalServices.Contains(service) ? wanted.Count(record => record.Node != node)
            : wanted.Select(record => record.Id.Slot).Distinct().Count();
    }

    private static IEnumerable<AllocationRecord> LiveOf(ClusterState state, ServiceId service) =>
        state.Allocations.GetValueOrDefault(service, SlotMap.Empty).BySlot.Values.SelectMany(records => records)
            .Where(record => record.IsLive && !state.IsKept(record));

    private static RequestOutcome OutcomeOf(ServiceRecord service) => new()
    {
        Service = service.Id, Name = service.Name, Revision = service.Revision, Rollout = service.Rollout.Number,
        Change = ServiceChangeKind.Moved,
    };
}
