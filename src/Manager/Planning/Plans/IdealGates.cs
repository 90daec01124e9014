// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning.Rollouts;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Plans;

/// <summary>Everybody who is asked about a canary's step says yes as soon as its hold is over: programs, figures and people.</summary>
internal static class IdealGates
{
    private const long Ticket = -2;

    /// <summary>What they say now.</summary>
    public static IEnumerable<ClusterEvent> Answers(ClusterState state, DateTimeOffset now)
    {
        foreach (var service in state.Services.Values)
        {
            var rollout = service.Rollout;
            if (rollout is not { State: RolloutState.Running, IsGoingBack: false, IsPaused: false, IsPromoted: false }) continue;
            if (rollout.StepReachedAt is not { } reached) continue;
            var update = state.Revisions[service.Id][rollout.ToRevision].Spec.Update;
            if (now < reached + update.CanaryHold) continue;
            for (var gate = 0; gate < update.Gates.Length; gate++)
                if (!RolloutGates.IsOpen(rollout, gate)) yield return Yes(service, gate, update.Gates[gate].Kind);
        }
    }

    private static ClusterEvent Yes(ServiceRecord service, int gate, GateKind kind)
    {
        var rollout = service.Rollout;
        if (kind != GateKind.Approve)
            return new ClusterEvent.GateAnswered(service.Id, rollout.Number, rollout.Step, gate, GateVerdict.Open, "assumed");
        var id = string.Create(CultureInfo.InvariantCulture, $" plan {service.Id.Value} {rollout.Number} {rollout.Step} ");
        return new ClusterEvent.ControlRollout(
            Ticket, new MutationOrigin(id, "plan", "plan"), service.Name, RolloutOrder.Approve, rollout.Number);
    }
}
