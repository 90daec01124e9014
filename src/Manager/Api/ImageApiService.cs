// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Credentials;
using ClusterManager.Manager.Hooks;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.Registry;
using ClusterManager.Manager.Tracking;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Api;

/// <summary>What registries say of images. The leader asks: it knows what runs, and one machine's settings count.</summary>
internal sealed class ImageApiService(
    Forwarder forwarder, TagAnswers answers, CredentialDesk desk, ITagReader tags, TimeProvider time)
    : V1.ImageApi.ImageApiBase
{
    public override Task<V1.ImageTags> Tags(V1.ImageTagsRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        term => request.Subject.Length == 0
            ? throw ApiErrors.Invalid("subject", "", "a service or an image")
            : answers.ListAsync(term.Engine.Snapshots.Current, request.Subject, context.CancellationToken),
        (invoker, options) => new V1.ImageApi.ImageApiClient(invoker).TagsAsync(request, options));

    public override Task<V1.LookResponse> Look(V1.LookRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        term => Task.FromResult(Look(term, request)),
        (invoker, options) => new V1.ImageApi.ImageApiClient(invoker).LookAsync(request, options));

    public override Task<V1.LoginStatus> PutLogin(V1.PutLoginRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        term => LoginCalls.PutAsync(term, request, desk, time.GetUtcNow(), context),
        (invoker, options) => new V1.ImageApi.ImageApiClient(invoker).PutLoginAsync(request, options));

    public override Task<V1.LoginList> Logins(V1.LoginsRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        term => Task.FromResult(LoginCalls.List(term.Engine.Snapshots.Current)),
        (invoker, options) => new V1.ImageApi.ImageApiClient(invoker).LoginsAsync(request, options));

    public override Task<V1.RemoveLoginResponse> RemoveLogin(V1.RemoveLoginRequest request, ServerCallContext context) =>
        forwarder.UnaryAsync(
            context,
            term => LoginCalls.RemoveAsync(term, request, context),
            (invoker, options) => new V1.ImageApi.ImageApiClient(invoker).RemoveLoginAsync(request, options));

    public override Task<V1.PinStatus> Pin(V1.PinRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        term => PinCalls.PutAsync(term, request, tags, time.GetUtcNow(), context),
        (invoker, options) => new V1.ImageApi.ImageApiClient(invoker).PinAsync(request, options));

    public override Task<V1.PinList> Pins(V1.PinsRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        term => Task.FromResult(PinCalls.List(term.Engine.Snapshots.Current)),
        (invoker, options) => new V1.ImageApi.ImageApiClient(invoker).PinsAsync(request, options));

    public override Task<V1.UnpinResponse> Unpin(V1.UnpinRequest request, ServerCallContext context) => forwarder.UnaryAsync(
        context,
        term => PinCalls.RemoveAsync(term, request, context),
        (invoker, options) => new V1.ImageApi.ImageApiClient(invoker).UnpinAsync(request, options));

    /// <summary>Looks, where this manager leads.</summary>
    public static V1.LookResponse Look(LeaderTerm term, V1.LookRequest request)
    {
        if (request.News.Count is 0 or > HookBody.NewsMax)
            throw ApiErrors.Invalid("news", $"{request.News.Count}", $"1 to {HookBody.NewsMax} repositories");
        return new V1.LookResponse { Concerned = request.News.Sum(one => term.Tracking?.Look(one.Repository, one.Tag) ?? 0) };
    }
}
