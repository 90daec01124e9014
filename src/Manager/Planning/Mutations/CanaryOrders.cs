// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Mutations;

/// <summary>What an operator orders of a canary, or of a new colour, that is under way: promote, approve.</summary>
internal static class CanaryOrders
{
    public static MutationResult Give(Turn turn, ServiceRecord service, RolloutOrder order)
    {
        var rollout = service.Rollout;
        var name = $"rollout {rollout.Number} of {service.Name.Display}";
        var update = turn.State.Revisions[service.Id][rollout.ToRevision].Spec.Update;
        if (rollout.IsGoingBack) return Refusals.Conflict($"{name} is on its way back to revision {rollout.FromRevision}");
        var isSwitch = update.Strategy == UpdateStrategy.BlueGreen || rollout.HasColours;
        if (update.Strategy != UpdateStrategy.Canary && !isSwitch)
            return Refusals.Conflict($"{name} is no canary and has no colours: there is nothing to {Word(order)}");
        if (rollout.IsPromoted || rollout.HasSwitched) return
            Refusals.Accepted(ServiceMutations.Outcome(service, ServiceChangeKind.Unchanged));
        if (order == RolloutOrder.Promote) return Written(turn, service, rollout with { IsPromoted = true });
        var bits = 0;
        for (var i = 0; i < update.Gates.Length; i++)
            if (update.Gates[i].Kind == GateKind.Approve) bits |= 1 << i;
        if (bits == 0) return Refusals.Conflict($"{name} asks for nobody's approval: to leave the other steps out, promote it");
        if (rollout.StepReachedAt is null)
            return Refusals.Conflict(isSwitch ? $"the new colour of {name} is not whole and good yet: there is nothing to approve"
                : $"step {rollout.Step + 1} of {name} is not reached yet: there is nothing to approve");
        return (rollout.GatesOpen & bits) == bits ? Refusals.Accepted(ServiceMutations.Outcome(service, ServiceChangeKind.Unchanged))
            : Written(turn, service, rollout with { GatesOpen = rollout.GatesOpen | bits });
    }

    private static MutationResult.Accepted Written(Turn turn, ServiceRecord service, RolloutRecord rollout) =>
        RolloutMutations.Written(turn, service with { Rollout = rollout }, ServiceChangeKind.Metadata);

    private static string Word(RolloutOrder order) => order == RolloutOrder.Promote ? "promote" : "approve";
}
