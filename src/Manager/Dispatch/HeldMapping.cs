// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Dispatch;

/// <summary>
/// What an agent says that it holds, to the engine's record. It comes from a node's disk, so it is checked like an operator's input; and
/// nothing of it is looked at in the first life of a state, when there is nothing to learn from it.
/// </summary>
internal static class HeldMapping
{
    private const int HeldMax = 2000;
    private const int TextLengthMax = 1024;

    public static ImmutableArray<HeldAllocation> ToHeld(V1.Hello hello, ClusterState state, DateTimeOffset now)
    {
        if (state.Meta.Incarnation <= 1 || hello.Held.Count == 0) return [];
        var seen = ReportMapping.ToReports(hello.Allocations, now).GroupBy(report => report.Id)
            .ToDictionary(group => group.Key, group => group.Last().Observation);
        return [.. hello.Held.Take(HeldMax).Select(one => ToHeld(one, seen)).OfType<HeldAllocation>()];
    }

    private static HeldAllocation? ToHeld(V1.Assignment wire, Dictionary<AllocationId, AllocationObservation> seen)
    {
        if (wire.Id is null || wire.Spec is null || wire.Revision < 1) return null;
        if (wire.Image.Length is 0 or > TextLengthMax || wire.TemplateHash.Length > TextLengthMax) return null;
        var id = wire.Id.ToModel();
        if (id.Service.Value < 1 || id.Slot < 1 || id.Generation < 1) return null;
        if (HookSlot.IsHook(id.Slot)) return null; // of a rollout that the restored state knows nothing of
        try
        {
            var spec = wire.Spec.ToModel();
            if (!SpecValidator.Validate(spec).IsEmpty) return null;
            return new HeldAllocation(
                id, wire.Revision, spec, SpecHash.OfSpec(spec), wire.TemplateHash, wire.Image, wire.ImageIsId, seen.GetValueOrDefault(id));
        }
        catch (ArgumentException)
        {
            // A spec that cannot even be read: its container runs on and is not taken up.
            return null;
        }
    }
}
