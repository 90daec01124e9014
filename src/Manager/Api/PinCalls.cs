// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tracking;
using ClusterManager.Registry;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api;

/// <summary>Images that stay on the nodes that have them. What a tag means is found out once, when it is pinned.</summary>
internal static class PinCalls
{
    private const int ImageLengthMax = 512;

    public static async Task<V1.PinStatus> PutAsync(
        LeaderTerm term, V1.PinRequest request, ITagReader registry, DateTimeOffset now, ServerCallContext context)
    {
        var origin = Mutations.Origin(context, request.RequestId);
        var state = term.Engine.Snapshots.Current;
        if (request.Image.Length is 0 or > ImageLengthMax || !ImageName.TryParse(request.Image, out var image))
            throw ApiErrors.Invalid("image", request.Image, "an image with a tag or a digest, such as registry.lab:5000/web:1");
        var digest = image.Digest?.ToString() ?? Known(state, request.Image)
            ?? await AskAsync(registry, request.Image, context.CancellationToken);
        var pin = new PinRecord { Image = request.Image, Digest = digest, CreatedBy = origin.Actor, CreatedAt = now };
        await Mutations.SubmitAsync(term, ticket => new ClusterEvent.PutPin(ticket, origin, pin), context.CancellationToken);
        return Status(pin);
    }

    public static async Task<V1.UnpinResponse> RemoveAsync(LeaderTerm term, V1.UnpinRequest request, ServerCallContext context)
    {
        var origin = Mutations.Origin(context, request.RequestId);
        await Mutations.SubmitAsync(
            term, ticket => new ClusterEvent.RemovePin(ticket, origin, request.Image), context.CancellationToken);
        return new V1.UnpinResponse();
    }

    public static V1.PinList List(ClusterState state)
    {
        var list = new V1.PinList();
        list.Pins.AddRange(state.Pins.Values.Select(Status));
        return list;
    }

    // What runs is what is meant, though its tag may have moved in the registry since.
    private static string? Known(ClusterState state, string image) => state.Services.Values
        .SelectMany(service => state.Revisions.GetValueOrDefault(service.Id)?.Values.Reverse() ?? [])
        .FirstOrDefault(revision => revision.Spec.Container.Image == image && revision.Image is { IsLocal: false })?.Image!.Digest;

    private static async Task<string> AskAsync(ITagReader registry, string image, CancellationToken cancellationToken)
    {
        try
        {
            return await registry.DigestAsync(image, cancellationToken);
        }
        catch (RegistryException error)
        {
            throw ApiErrors.NotFound(
                $"no kept revision has {image}, and {error.Message}; with its digest it can be pinned all the same", []);
        }
    }

    private static V1.PinStatus Status(PinRecord pin) => new()
    {
        Image = pin.Image, Digest = pin.Digest, CreatedBy = pin.CreatedBy, CreatedUnixMs = pin.CreatedAt.ToUnixTimeMilliseconds(),
    };
}
