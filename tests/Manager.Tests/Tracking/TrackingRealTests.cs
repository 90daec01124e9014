// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Registry;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tracking;
using ClusterManager.Shared.Tests.Registry.Real;
using Microsoft.Extensions.Logging.Abstractions;
using static ClusterManager.Manager.Tests.Tracking.TrackedCluster;

namespace ClusterManager.Manager.Tests.Tracking;

/// <summary>Tags and versions of Debian's docker-registry are followed, and its death changes nothing.</summary>
[Trait("Category", "Real")]
public sealed class TrackingRealTests : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(65);
    private readonly string _directory = Directory.CreateTempSubdirectory("cm-tracking-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_tag_is_followed_over_the_registrys_death()
    {
        await using var registry = await DebianRegistry.StartAsync();
        using var push = new RegistryPush(registry.Address, "shop/web");
        using var registries = Access(registry);
        var image = $"{registry.Name}/shop/web:latest";
        var first = (await push.ImageAsync("latest", "one")).ToString();
        var cluster = new TrackedCluster { Reader = new RegistryTagReader(registries) };
        cluster.Model.Registry[image] = new ImageAnswer(first, "", null);
        cluster.Deployed(Following(image));
        await cluster.PassAsync(Poll);
        Assert.Equal((1, first), (cluster.Web.Revision, cluster.Digest));
        var second = (await push.ImageAsync("latest", "two")).ToString();
        await cluster.PassAsync(Poll);
        Assert.Equal((2, second), (cluster.Web.Revision, cluster.Digest));

        registry.Kill();
        await cluster.PassAsync(Poll * 3);
        Assert.Equal((2, second), (cluster.Web.Revision, cluster.Digest));
        Assert.Equal(2, cluster.Log.Text.Split("cannot be looked up").Length);
        await registry.StartProcessAsync();
        var third = (await push.ImageAsync("latest", "three")).ToString();
        await cluster.PassAsync(Poll);
        Assert.Equal((3, third), (cluster.Web.Revision, cluster.Digest));
        Assert.Empty(cluster.Loop.Problems);
    }

    [Fact]
    public async Task The_highest_version_in_the_range_is_found_in_the_list()
    {
        await using var registry = await DebianRegistry.StartAsync();
        using var push = new RegistryPush(registry.Address, "shop/web");
        using var registries = Access(registry);
        var first = (await push.ImageAsync("1.2.3", "one")).ToString();
        foreach (var tag in (string[])["1.9.0", "1.10.0", "2.0.0", "1.11.0-rc.1", "latest"]) await push.ImageAsync(tag, tag);
        var cluster = new TrackedCluster { Reader = new RegistryTagReader(registries) };
        cluster.Model.Registry[$"{registry.Name}/shop/web:1.2.3"] = new ImageAnswer(first, "", null);
        cluster.Deployed(Following($"{registry.Name}/shop/web:1.2.3", "^1.2"));
        await cluster.PassAsync(Poll);
        var revision = cluster.Model.State.Revisions[cluster.Web.Id][cluster.Web.Revision];
        Assert.Equal($"{registry.Name}/shop/web:1.10.0", revision.Spec.Container.Image);
    }

    private RegistryAccess Access(DebianRegistry registry)
    {
        var file = Path.Combine(_directory, "registries.json");
        File.WriteAllText(file, $"{{\"registries\":{{\"{registry.Name}\":{{\"plainHttp\":true}}}}}}");
        return new RegistryAccess(file, TimeProvider.System, NullLogger<RegistryAccess>.Instance);
    }
}
