// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;

namespace ClusterManager.Manager.Planning.Mutations;

/// <summary>Images that stay on the nodes that have them.</summary>
internal static class PinMutations
{
    public static MutationResult Put(Turn turn, ClusterEvent.PutPin put)
    {
        var pin = put.Pin;
        var isNew = !turn.State.Pins.ContainsKey(pin.Image);
        if (isNew && turn.State.Pins.Count >= EngineLimits.Pins)
            return Refusals.Invalid($"there are {EngineLimits.Pins} pinned images, as many as there may be");
        turn.State = turn.State with { Pins = turn.State.Pins.SetItem(pin.Image, pin) };
        turn.Budget.Put(new StateChange.PutPin(pin), SizeEstimate.Of(pin));
        return Refusals.Accepted(new RequestOutcome { Text = pin.Image });
    }

    public static MutationResult Remove(Turn turn, ClusterEvent.RemovePin remove)
    {
        if (!turn.State.Pins.ContainsKey(remove.Image)) return Refusals.NotFound("pinned image", remove.Image, turn.State.Pins.Keys);
        turn.State = turn.State with { Pins = turn.State.Pins.Remove(remove.Image) };
        turn.Budget.Put(new StateChange.DeletePin(remove.Image), 0);
        return Refusals.Accepted(new RequestOutcome { Text = remove.Image });
    }
}
