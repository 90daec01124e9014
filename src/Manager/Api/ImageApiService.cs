// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Registry;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api;

/// <summary>What registries say of images. The leader asks: it knows what runs, and one machine's settings count.</summary>
internal sealed class ImageApiService(Forwarder forwarder, TagAnswers answers) : V1.ImageApi.ImageApiBase
{
    public override Task<V1.ImageTags> Tags(V1.ImageTagsRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        term => request.Subject.Length == 0
            ? throw ApiErrors.Invalid("subject", "", "a service or an image")
            : answers.ListAsync(term.Engine.Snapshots.Current, request.Subject, context.CancellationToken),
        (invoker, options) => new V1.ImageApi.ImageApiClient(invoker).TagsAsync(request, options));
}
