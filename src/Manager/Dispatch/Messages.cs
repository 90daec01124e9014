// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Dispatch;

/// <summary>Messages to agents.</summary>
internal static class Messages
{
    public static V1.ManagerMessage Rejected(V1.Rejected.Types.Cause cause, string text) =>
        new() { Rejected = new V1.Rejected { Cause = cause, Text = text } };

    public static V1.ManagerMessage NotLeader(string address, long term) =>
        new() { NotLeader = new V1.NotLeader { Address = address, Term = term } };

    public static V1.ManagerMessage Assignments(ClusterState state, bool complete, StateVersion from, AssignmentDiff diff)
    {
        var assignments = new V1.Assignments
        {
            Kind = complete ? V1.Assignments.Types.Kind.Complete : V1.Assignments.Types.Kind.Incremental,
            FromVersion = complete ? null : from.ToWire(),
            ToVersion = state.Version.ToWire(),
            ClusterId = state.Meta.Cluster.ToString(),
        };
        assignments.Upserts.AddRange(diff.Upserts.Select(one => ToWire(state, one)));
        assignments.Removals.AddRange(diff.Removals.Select(id => id.ToWire()));
        return new V1.ManagerMessage { Assignments = assignments };
    }

    private static V1.Assignment ToWire(ClusterState state, AssignedAllocation one)
    {
        var spec = HookTemplate.ForSlot(state.Revisions[one.Id.Service][one.Revision].Spec, one.Id.Slot);
        return new V1.Assignment
        {
            Id = one.Id.ToWire(), Desired = (V1.DesiredState)one.Desired, Revision = one.Revision, Spec = spec.ToWire(), Image = one.Image,
            ImageIsId = one.ImageIsId, TemplateHash = one.TemplateHash, Exclusive = IsExclusive(spec),
            Colour = (V1.Colour)one.Colour,
        };
    }

    // What only one may hold: a port of the node, or a volume's data.
    private static bool IsExclusive(ServiceSpec spec) =>
        spec.Ports.Any(port => port.Mode == PortMode.Fixed)
        || spec.Container.Mounts.Any(mount => mount.Kind == MountKind.Volume && mount.Source is not null);
}
