// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Api;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Hooks;

/// <summary>Brings news to whoever leads: a registry sends its message to any manager.</summary>
internal sealed class HookRelay(Forwarder forwarder) : IHookTarget
{
    public async Task<int> LookAsync(IReadOnlyCollection<ImageNotice> news, CancellationToken cancellationToken)
    {
        var request = new V1.LookRequest();
        request.News.AddRange(news.Select(one => new V1.ImageNews { Repository = one.Repository, Tag = one.Tag }));
        var response = await forwarder.OwnAsync(
            "hook", term => Task.FromResult(ImageApiService.Look(term, request)),
            (invoker, options) => new V1.ImageApi.ImageApiClient(invoker).LookAsync(request, options), cancellationToken);
        return response.Concerned;
    }
}
