// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning;

/// <summary>
/// How many bytes a record takes when stored, rather too high than too low: a turn is cut by it. Protobuf spends a tag and a length
/// (2 to 6 bytes) on each text; 8 are counted.
/// </summary>
internal static class SizeEstimate
{
    private const int FieldBytes = 8;

    // A digest comes into an entry at its end: what it takes is counted from the beginning.
    private const int DigestBytes = 80;

    public static int Of(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text) + FieldBytes;

    public static int Of(Reason? reason) => reason is null ? 0 : Of(reason.Text) + FieldBytes;

    /// <summary>Id 12, node 34, revision 6, desired 3, ended 3, two times 16, replace 3, envelope 4.</summary>
    public static int Of(AllocationRecord record) => 87 + Of(record.Reason);

    public static int Of(NodeRecord node) =>
        400 + Of(node.Name) + Of(node.Labels) + Of(node.ConsulTokenAccessor) + Of(node.JoinRequestId) + Of(node.AvailabilitySet?.Actor)
        + (node.Facts is { } f ? 64 + Of(f.Hostname) + Of(f.Os) + Of(f.Arch) + Of(f.EngineVersion) + Of(f.AgentVersion)
            + Of(f.AdvertiseAddress) + Of(f.Kernel) : 0);

    public static int Of(ServiceRecord service) =>
        240 + (service.Untold.Count * 6) + Of(service.Name.Stack) + Of(service.Name.Name) + Of(service.CreatedBy)
        + Of(service.Rollout.RollbackReason) + service.Verdicts.Values.Sum(verdict => 40 + Of(verdict.Reason))
        + Of(service.Tracking.Seen) + Of(service.Tracking.Asked) + service.Tracking.Bad.Sum(bad => 16 + Of(bad.Digest))
        + Of(service.Rollout.Reason) + Of(service.Rollout.Actor) + Of(service.Rollout.FailedNode)
        + Of(service.Rollout.PreDeploy) + Of(service.Rollout.PostDeploy);

    /// <summary>Id 30, two times 16, state 3, envelope 4.</summary>
    private static int Of(HookRun? run) => run is null ? 0 : 56 + Of(run.Node) + Of(run.Reason);

    public static int Of(RevisionRecord revision) =>
        100 + Of(revision.Spec) + Of(revision.TemplateHash) + Of(revision.SpecHash) + Of(revision.Actor)
        + (revision.Image is { } image ? Of(image.Digest) + Of(image.ImageId) + Of(image.Pinned) + (image.Nodes.Count * 36) : 0);

    public static int Of(RegistryLoginRecord login) =>
        60 + Of(login.Registry) + Of(login.Username) + Of(login.Helper) + Of(login.CreatedBy) + login.Sealed.Length;

    public static int Of(PinRecord pin) => 40 + Of(pin.Image) + Of(pin.Digest) + Of(pin.CreatedBy);

    public static int Of(ReleaseRecord release) =>
        100 + Of(release.Stack) + Of(release.Actor) + release.Services.Sum(Of) + release.Pending.Sum(Of)
        + release.Hashes.Sum(pair => Of(pair.Key) + Of(pair.Value.Spec) + Of(pair.Value.Template));

    public static int Of(ReleaseEntry entry) =>
        120 + Of(entry.Stack) + Of(entry.Actor) + Of(entry.Failed) + Of(entry.Reason) + Of(entry.RollbackReason)
        + entry.Members.Values.Sum(member => 56 + Of(member.Name) + DigestBytes);

    public static int Of(RequestRecord request) =>
        60 + Of(request.Id) + Of(request.Actor) + Of(request.Method)
        + request.Outcomes.Sum(outcome => 48 + Of(outcome.Name.Stack) + Of(outcome.Name.Name) + Of(outcome.Text));

    public static int Of(ServiceSpec spec) =>
        200 + Of(spec.Name.Stack) + Of(spec.Name.Name) + Of(spec.Container) + Of(spec.Labels)
        + spec.Ports.Sum(port => 40 + Of(port.HostAddress))
        + spec.Constraints.Sum(constraint => 16 + Of(constraint.Attribute) + Of(constraint.Value))
        + (spec.Update == UpdatePolicy.Default ? 0 : 90 + (8 * spec.Update.Steps.Length))
        + spec.Update.Gates.Sum(gate => 60 + Of(gate.Url) + Of(gate.Query))
        + Of(spec.Update.PreDeploy?.Command ?? []) + Of(spec.Update.PostDeploy?.Command ?? [])
        + (spec.Track == TrackPolicy.None ? 0 : 24 + Of(spec.Track.Range))
        + spec.DependsOn.Keys.Sum(name => 8 + Of(name))
        + (spec.Health is { } health ? 80 + Of(health.Path) + Of(health.Test) : 0);

    private static int Of(ContainerSpec container) =>
        100 + Of(container.Image) + Of(container.Command ?? []) + Of(container.Entrypoint ?? []) + Of(container.Environment)
        + Of(container.Labels)
        + Of(container.User) + Of(container.WorkingDirectory) + Of(container.Hostname) + Of(container.StopSignal)
        + Of(container.CapabilitiesAdded) + Of(container.CapabilitiesDropped) + Of(container.Sysctls)
        + container.Ulimits.Sum(limit => 32 + Of(limit.Name))
        + container.ExtraHosts.Sum(host => 16 + Of(host.Hostname) + Of(host.Address))
        + container.Mounts.Sum(mount => 40 + Of(mount.Source) + Of(mount.Target));

    private static int Of(ImmutableArray<string> texts) => texts.Sum(Of);

    private static int Of(ImmutableSortedDictionary<string, string> map) => map.Sum(pair => FieldBytes + Of(pair.Key) + Of(pair.Value));
}
