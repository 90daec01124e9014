// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.Planning.Recovery;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tracking;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api.Projection;

/// <summary>"Is all well?" in one line, then what is not. Pure.</summary>
internal static class StatusProjection
{
    public static V1.ClusterStatus Status(
        ClusterState state, LeaderInfo leader, DateTimeOffset now, IReadOnlyList<TrackingProblem>? unfollowed = null)
    {
        var status = new V1.ClusterStatus
        {
            ClusterId = state.Meta.Cluster.ToString(), Version = state.Version.ToWire(), Leader = leader.Name,
            LeaderAddress = leader.Address,
            Protocol = state.NodeObservations.Values.Where(seen => seen.HasSession).Select(seen => seen.Protocol).DefaultIfEmpty().Min(),
            Brake = state.BrakeSince is not null, Nodes = state.Nodes.Count, Managers = state.Nodes.Values.Count(node => node.IsManager),
        };
        AddNodes(status, state);
        AddServices(status, state, now);
        AddStrays(status, state);
        foreach (var problem in unfollowed ?? [])
            status.Problems.Add(Problem(
                "image tracking", ReasonCode.RegistryUnreachable, problem.Text, "cluster image tags IMAGE", problem.Since));
        if (state.BrakeSince is { } since)
        {
            const string Text = "more than a third of the nodes went down at once: nothing moves until they return";
            status.Problems.Insert(0, Problem("cluster", ReasonCode.MassLossBrake, Text, "cluster node confirm-loss", since));
        }

        status.Healthy = status.Problems.Count == 0;
        status.Summary = Summary(status);
        return status;
    }

    private static void AddNodes(V1.ClusterStatus status, ClusterState state)
    {
        foreach (var node in state.Nodes.Values.OrderBy(node => node.Name, StringComparer.Ordinal))
        {
            var seen = state.NodeObservations.GetValueOrDefault(node.Id);
            if (seen?.State == NodeState.Ready)
            {
                status.NodesReady++;
                if (node.IsManager) status.ManagersReady++;
                continue;
            }

            if (UnconfirmedNodes.IsUnconfirmed(state, node) && seen?.HasSession != true)
            {
                AddUnconfirmed(status, state, node);
                continue;
            }

            var (code, text) = seen?.State switch
            {
                NodeState.Down => (ReasonCode.NodeDown, "down"),
                NodeState.EngineDown => (ReasonCode.NodeEngineDown, "its Docker Engine does not answer"),
                NodeState.AgentAway => (ReasonCode.NodeNotReady, "its agent is away; its containers run on"),
                _ => (ReasonCode.NodeNotReady, "not heard of since this leader was elected"),
            };
            status.Problems.Add(
                Problem($"node {node.Name}", code, text, $"cluster node inspect {node.Name}", seen?.StateSince ?? state.TermStartedAt));
        }
    }

    private static void AddUnconfirmed(V1.ClusterStatus status, ClusterState state, NodeRecord node)
    {
        var number = state.Meta.Incarnation;
        var text = $"runs what it had and waits until incarnation {number} is confirmed on it; lost for good? cluster node rm {node.Name}";
        status.Problems.Add(Problem(
            $"node {node.Name}", ReasonCode.IncarnationUnconfirmed, text, $"cluster recover confirm {number}   (on {node.Name})",
            state.Meta.CreatedAt));
    }

    private static void AddStrays(V1.ClusterStatus status, ClusterState state)
    {
        foreach (var stray in StrayProjection.List(state).Services)
        {
            var name = stray.Name.ToModel().Display;
            status.Problems.Add(Problem(
                $"service {name}", ReasonCode.UnknownToState, StrayProjection.Text(stray), $"cluster recover adopt {name}",
                state.TermStartedAt));
        }
    }

    private static void AddServices(V1.ClusterStatus status, ClusterState state, DateTimeOffset now)
    {
        foreach (var service in state.Services.Values.OrderBy(service => service.Name))
        {
            var view = ServiceProjection.Status(state, service, withAllocations: false, now);
            status.Services++;
            status.AllocationsRunning += view.Running;
            status.AllocationsDesired += view.Desired;
            if (view.Running >= view.Desired && view.Unplaced.Count == 0 && !HasFailed(view.Rollout))
            {
                status.ServicesOk++;
                continue;
            }

            // A rollout under way is not a problem; one that failed, or a service short of replicas without one, is.
            if (view.Rollout.State == V1.RolloutState.Running && view.Unplaced.Count == 0) continue;
            var reason = view.Unplaced.FirstOrDefault()?.Reason ?? view.Rollout.Reason ?? new V1.Reason();
            var what = view.Running >= view.Desired && view.Unplaced.Count == 0 ? "running; the last update failed" : "running";
            var text = $"{view.Running}/{view.Desired} {what}{(reason.Text.Length == 0 ? "" : ": " + reason.Text)}";
            status.Problems.Add(Problem(
                $"service {service.Name.Display}", (ReasonCode)reason.Code, text, $"cluster explain {service.Name.Display}",
                    service.UpdatedAt));
        }
    }

    // What was rolled back or aborted is as it was before: all is well with it.
    private static bool HasFailed(V1.RolloutStatus rollout) =>
        rollout.State is V1.RolloutState.Failed or V1.RolloutState.RollbackFailed;

    private static V1.Problem Problem(string target, ReasonCode code, string text, string command, DateTimeOffset since) => new()
    {
        Object = target, Reason = ReportMapping.ToWire(new Reason(code, text)), Command = command,
        SinceUnixMs = since.ToUnixTimeMilliseconds(),
    };

    private static string Summary(V1.ClusterStatus status)
    {
        var figures = $"{status.NodesReady}/{status.Nodes} nodes ready, {status.ServicesOk}/{status.Services} services ok, "
            + $"{status.AllocationsRunning}/{status.AllocationsDesired} replicas running, leader {status.Leader}";
        return status.Healthy ? $"all is well: {figures}"
            : $"{status.Problems.Count} {(status.Problems.Count == 1 ? "problem" : "problems")}: {figures}";
    }
}
