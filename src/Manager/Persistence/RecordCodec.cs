// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Wire;
using Google.Protobuf;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Persistence;

/// <summary>Records of the state to and from their stored messages. Times are milliseconds since 1970.</summary>
internal static class RecordCodec
{
    public static V1.StoredNode ToStored(NodeRecord node)
    {
        var stored = new V1.StoredNode
        {
            Id = node.Id.ToString(), Name = node.Name, Ordinal = node.Ordinal, Address = node.Address, Manager = node.IsManager,
            ConsulServer = node.IsConsulServer, Availability = (V1.NodeAvailability)node.Availability, JoinedUnixMs = Unix(node.JoinedAt),
            ConsulTokenAccessor = node.ConsulTokenAccessor, JoinRequestId = node.JoinRequestId,
            Facts = node.Facts is { } f ? FactsMapping.ToWire(f) : null,
            AvailabilityActor = node.AvailabilitySet?.Actor ?? "", AvailabilityUnixMs = node.AvailabilitySet is { } set ? Unix(set.At) : 0,
            Incarnation = node.Incarnation,
        };
        foreach (var (key, value) in node.Labels) stored.Labels[key] = value;
        return stored;
    }

    public static NodeRecord ToRecord(V1.StoredNode stored) => new()
    {
        Id = NodeId.Parse(stored.Id), Name = stored.Name, Ordinal = stored.Ordinal, Address = stored.Address, IsManager = stored.Manager,
        IsConsulServer = stored.ConsulServer, Availability = (NodeAvailability)stored.Availability, JoinedAt = Time(stored.JoinedUnixMs),
        ConsulTokenAccessor = stored.ConsulTokenAccessor, JoinRequestId = stored.JoinRequestId, Labels = Maps.Of(stored.Labels),
        Facts = stored.Facts is null ? null : FactsMapping.ToModel(stored.Facts),
        Incarnation = Math.Max(1, stored.Incarnation),
        AvailabilitySet = stored.AvailabilityUnixMs == 0 ? null : (stored.AvailabilityActor, Time(stored.AvailabilityUnixMs)),
    };

    public static V1.StoredService ToStored(ServiceRecord service)
    {
        var stored = WithoutVerdicts(service);
        stored.Verdicts.AddRange(service.Verdicts.Values.Select(RolloutCodec.ToStored));
        stored.Tracking = TrackingCodec.ToStored(service.Tracking);
        stored.Untold.AddRange(service.Untold);
        return stored;
    }

    private static V1.StoredService WithoutVerdicts(ServiceRecord service) => new()
    {
        Id = service.Id.Value, Name = service.Name.ToWire(), Revision = service.Revision, Replicas = service.Replicas,
        NextRevision = service.NextRevision, Rollout = RolloutCodec.ToStored(service.Rollout), Removing = service.IsRemoving,
        CreatedUnixMs = Unix(service.CreatedAt), CreatedBy = service.CreatedBy, UpdatedUnixMs = Unix(service.UpdatedAt),
    };

    public static ServiceRecord ToRecord(V1.StoredService stored) => new()
    {
        Id = new ServiceId(stored.Id), Name = stored.Name.ToModel(), Revision = stored.Revision, Replicas = stored.Replicas,
        NextRevision = stored.NextRevision, Rollout = RolloutCodec.ToRecord(stored.Rollout), IsRemoving = stored.Removing,
        CreatedAt = Time(stored.CreatedUnixMs), CreatedBy = stored.CreatedBy, UpdatedAt = Time(stored.UpdatedUnixMs),
        Tracking = TrackingCodec.ToRecord(stored.Tracking), Untold = [.. stored.Untold],
        Verdicts = stored.Verdicts.Select(RolloutCodec.ToRecord).ToImmutableSortedDictionary(one => one.Revision, one => one),
    };

    public static V1.StoredRevision ToStored(RevisionRecord revision)
    {
        var stored = new V1.StoredRevision
        {
            ServiceId = revision.Service.Value, Number = revision.Number, Spec = revision.Spec.ToWire(),
            TemplateHash = revision.TemplateHash,
            SpecHash = revision.SpecHash, CreatedUnixMs = Unix(revision.CreatedAt), Actor = revision.Actor,
        };
        if (revision.Image is not { } image) return stored;
        stored.Digest = image.Digest;
        stored.ImageId = image.ImageId;
        stored.Pinned = image.Pinned;
        stored.ImageNodes.AddRange(image.Nodes.Select(node => node.ToString()));
        return stored;
    }

    public static RevisionRecord ToRecord(V1.StoredRevision stored) => new()
    {
        Service = new ServiceId(stored.ServiceId), Number = stored.Number, Spec = stored.Spec.ToModel(), TemplateHash = stored.TemplateHash,
        SpecHash = stored.SpecHash, CreatedAt = Time(stored.CreatedUnixMs), Actor = stored.Actor,
        Image = stored.Pinned.Length == 0 ? null : new ResolvedImage
        {
            Digest = stored.Digest, ImageId = stored.ImageId, Pinned = stored.Pinned, Nodes = [.. stored.ImageNodes.Select(NodeId.Parse)],
        },
    };

    public static V1.StoredAllocationChunk ToStored(AllocationChunk chunk)
    {
        var stored = new V1.StoredAllocationChunk { ServiceId = chunk.Service.Value, Chunk = chunk.Chunk };
        stored.Allocations.AddRange(chunk.Allocations.Select(ToStored));
        foreach (var (slot, generation) in chunk.LastGenerations) stored.LastGenerations[slot] = generation;
        return stored;
    }

    private static V1.StoredAllocation ToStored(AllocationRecord allocation) => new()
    {
        Slot = allocation.Id.Slot, Generation = allocation.Id.Generation, NodeId = allocation.Node.ToString(),
        Revision = allocation.Revision,
        Desired = (V1.DesiredState)allocation.Desired, Ended = (V1.AllocationState)(allocation.Ended ?? 0),
        Reason = ToStored(allocation.Reason),
        CreatedUnixMs = Unix(allocation.CreatedAt), EndedUnixMs = allocation.EndedAt is { } end ? Unix(end) : 0,
        Replace = allocation.IsToBeReplaced,
    };

    public static AllocationChunk ToRecord(V1.StoredAllocationChunk stored) => new()
    {
        Service = new ServiceId(stored.ServiceId),
        Chunk = stored.Chunk,
        Allocations = [.. stored.Allocations.Select(one => ToRecord(new ServiceId(stored.ServiceId), one))],
        LastGenerations = stored.LastGenerations.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value),
    };

    private static AllocationRecord ToRecord(ServiceId service, V1.StoredAllocation stored) => new()
    {
        Id = new AllocationId(service, stored.Slot, stored.Generation), Node = NodeId.Parse(stored.NodeId), Revision = stored.Revision,
        Desired = (DesiredState)stored.Desired, Ended = stored.Ended == 0 ? null : (AllocationState)stored.Ended,
        Reason = ToRecord(stored.Reason),
        CreatedAt = Time(stored.CreatedUnixMs), EndedAt = stored.EndedUnixMs == 0 ? null : Time(stored.EndedUnixMs),
        IsToBeReplaced = stored.Replace,
    };

    public static V1.StoredVolume ToStored(VolumeRecord volume) => new()
    {
        Stack = volume.Stack, Name = volume.Name, HomeNodeId = volume.Home.ToString(), CreatedUnixMs = Unix(volume.CreatedAt),
    };

    public static VolumeRecord ToRecord(V1.StoredVolume stored) => new()
    {
        Stack = stored.Stack, Name = stored.Name, Home = NodeId.Parse(stored.HomeNodeId), CreatedAt = Time(stored.CreatedUnixMs),
    };

    public static V1.StoredToken ToStored(TokenRecord token) => new()
    {
        Id = token.Id, SecretHash = ByteString.CopyFrom(token.SecretHash.Span), Manager = token.IsManager,
        ExpiresUnixMs = Unix(token.ExpiresAt),
        UsesLeft = token.UsesLeft, CreatedBy = token.CreatedBy, CreatedUnixMs = Unix(token.CreatedAt), Revoked = token.IsRevoked,
    };

    public static TokenRecord ToRecord(V1.StoredToken stored) => new()
    {
        Id = stored.Id, SecretHash = stored.SecretHash.ToByteArray(), IsManager = stored.Manager, ExpiresAt = Time(stored.ExpiresUnixMs),
        UsesLeft = stored.UsesLeft, CreatedBy = stored.CreatedBy, CreatedAt = Time(stored.CreatedUnixMs), IsRevoked = stored.Revoked,
    };

    public static V1.StoredRelease ToStored(ReleaseRecord release)
    {
        var stored = new V1.StoredRelease
        {
            Stack = release.Stack, Number = release.Number, Prune = release.Prune, Actor = release.Actor,
            CreatedUnixMs = Unix(release.CreatedAt),
        };
        stored.Services.AddRange(release.Services.Select(spec => spec.ToWire()));
        stored.Pending.AddRange(release.Pending);
        return stored;
    }

    public static ReleaseRecord ToRecord(V1.StoredRelease stored) => new()
    {
        Stack = stored.Stack, Number = stored.Number, Services = [.. stored.Services.Select(spec => spec.ToModel())],
        Pending = ImmutableSortedSet.CreateRange(StringComparer.Ordinal, stored.Pending), Prune = stored.Prune, Actor = stored.Actor,
        CreatedAt = Time(stored.CreatedUnixMs),
        Hashes = HashesOf(stored.Services.Select(spec => spec.ToModel())),
    };

    /// <summary>Hashes are not stored with a release: the same specs give the same ones.</summary>
    private static ImmutableSortedDictionary<string, SpecHashes> HashesOf(IEnumerable<ServiceSpec> specs) =>
        specs.ToImmutableSortedDictionary(
        spec => spec.Name.Name, spec => new SpecHashes(SpecHash.OfSpec(spec), SpecHash.OfTemplate(spec)), StringComparer.Ordinal);

    public static V1.StoredRequest ToStored(RequestRecord request)
    {
        var stored = new V1.StoredRequest
        {
            Id = request.Id, Number = request.Number, Actor = request.Actor, UnixMs = Unix(request.At), Method = request.Method,
        };
        stored.Outcomes.AddRange(request.Outcomes.Select(one => new V1.RequestOutcome
        {
            ServiceId = one.Service.Value, Name = one.Name.Name is null ? null : one.Name.ToWire(), Revision = one.Revision,
            Rollout = one.Rollout,
            Change = (int)one.Change, Text = one.Text,
        }));
        return stored;
    }

    public static RequestRecord ToRecord(V1.StoredRequest stored) => new()
    {
        Id = stored.Id, Number = stored.Number, Actor = stored.Actor, At = Time(stored.UnixMs), Method = stored.Method,
        Outcomes =
        [
            .. stored.Outcomes.Select(one => new RequestOutcome
            {
                Service = new ServiceId(one.ServiceId), Name = one.Name is null ? default : one.Name.ToModel(), Revision = one.Revision,
                Rollout = one.Rollout, Change = (ServiceChangeKind)one.Change, Text = one.Text,
            }),
        ],
    };

    public static V1.StoredMeta ToStored(ClusterMeta meta) => new()
    {
        ClusterId = meta.Cluster.ToString(), Incarnation = meta.Incarnation, CreatedUnixMs = Unix(meta.CreatedAt), Name = meta.Name,
        GenerationFloor = meta.GenerationFloor,
    };

    public static ClusterMeta ToRecord(V1.StoredMeta stored) =>
        new(ClusterId.Parse(stored.ClusterId), stored.Incarnation, stored.Name, Time(stored.CreatedUnixMs))
        {
            GenerationFloor = stored.GenerationFloor,
        };

    internal static V1.Reason? ToStored(Reason? reason) =>
        reason is null ? null : new V1.Reason { Code = (int)reason.Code, Text = reason.Text };

    internal static Reason? ToRecord(V1.Reason? stored) => stored is null ? null : new Reason((ReasonCode)stored.Code, stored.Text);

    internal static long Unix(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    internal static DateTimeOffset Time(long unixMilliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds);
}
