// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Services;

/// <summary>From one image to another, and what happens when the other is bad.</summary>
[Collection(Rolling.Name)]
public sealed class UpdateTests(RollingFixture fixture) : LabTest(fixture)
{
    [Fact]
    public async Task An_update_replaces_one_replica_at_a_time_and_never_has_fewer_than_asked_for_less_one()
    {
        var before = await RunServiceAsync("web", 3);
        await NamedAsync("web", 3);

        var update = Lab.ClusterAsync($"service update web --image {Image("2-hc")}");
        var fewest = int.MaxValue;
        while (!update.IsCompleted) fewest = Math.Min(fewest, (await Lab.ResolveAsync("web")).Count);
        (await update).Expect(0);
        Assert.InRange(fewest, 2, 4);

        var after = await RunningAsync("web", 3);
        Assert.Empty(after.Select(container => container.Id).Intersect(Ids(before)));
        Assert.Single(after.Select(container => container.Image).Distinct());
        Assert.NotEqual(before[0].Image, after[0].Image);
        foreach (var endpoint in await NamedAsync("web", 3)) Assert.Equal("2", await VersionAsync(endpoint));
    }

    [Theory]
    [InlineData("registry.lab:5000/web:exit1", "exited")]
    [InlineData("registry.lab:5000/web:unhealthy-hc", "unhealthy")]
    [InlineData("registry.lab:5000/web:none", "imageNotFound")]
    public async Task A_bad_image_is_rolled_back_with_its_reason_and_touches_no_old_replica(string image, string reason)
    {
        var before = await RunServiceAsync("web", 2);
        await NamedAsync("web", 2);

        var result = (await Lab.ClusterAsync($"service update web --timeout 15s --image {image}")).Expect(4);
        Assert.Equal(reason, await FailureAsync("web", "rolled-back"));
        Assert.Contains(Lab.Hosts, host => result.Text.Contains(host, StringComparison.Ordinal));
        Assert.Superset(Lives(before).ToHashSet(), Lives(await RunningNowAsync("web")).ToHashSet());
        Assert.Equal(["1", "1"], await Task.WhenAll((await NamedAsync("web", 2)).Select(VersionAsync)));
    }

    [Fact]
    public async Task An_image_that_is_not_there_fails_within_seconds()
    {
        var result = (await Lab.ClusterAsync($"run --name absent --replicas 3 {Image("none")}")).Expect(1).ExpectText("web:none");
        Assert.Equal("imageNotFound", await FailureAsync("absent"));
        Assert.True(result.Took < TimeSpan.FromSeconds(5), $"{result}");
    }

    [Fact]
    public async Task A_registry_that_refuses_fails_the_run_within_seconds()
    {
        await using var registries = await RefusingRegistry.StartAsync(Lab);
        var result = (await Lab.ClusterAsync($"run --name denied --replicas 1 {RefusingRegistry.Image}")).Expect(1);
        Assert.Equal("registryDenied", await FailureAsync("denied"));
        Assert.True(result.Took < TimeSpan.FromSeconds(5), $"{result}");
    }

    [Fact]
    public async Task An_update_that_changes_nothing_restarts_nothing()
    {
        var before = await RunServiceAsync("same", 2);
        (await Lab.ClusterAsync($"service update same --image {Image("1-hc")}")).Expect(0);
        Assert.Equal(Lives(before), Lives(await RunningAsync("same", 2)));
    }

    [Fact]
    public async Task Old_images_go_the_last_ones_stay_a_rollback_needs_no_registry_and_a_full_disk_takes_nothing_new()
    {
        var settings = Path.Combine(Lab.DataOf("h1"), "agent", "images.json");
        (await Lab.DockerAsync("h1", "pull", Image("5"))).Expect(0);
        try
        {
            // Marks below what the disk has anyway: all that nothing needs goes at once.
            const string always = "\"highPercent\": 1, \"lowPercent\": 0, \"keepRevisions\": 2, \"restSeconds\": 1, \"lookSeconds\": 1";
            await File.WriteAllTextAsync(settings, $"{{ {always} }}");
            var images = new List<string>
            {
                (await RunServiceAsync("web", 1, "-p 8080 --constraint node.hostname==h1", "1-hc")).Single().Image,
            };
            foreach (var tag in new[] { "2-hc", "3-hc", "4-hc" })
            {
                (await Lab.ClusterAsync($"service update web --image {Image(tag)}")).Expect(0);
                images.Add((await RunningAsync("web", 1)).Single().Image);
            }

            await Eventually.HoldsAsync("the first two images are gone", 15, async () =>
                (await HasAsync(images[0])) || (await HasAsync(images[1])), isThere => !isThere);
            Assert.True(await HasAsync(images[2]) && await HasAsync(images[3]) && await HasAsync(Image("5")));
            (await Lab.ClusterAsync("node inspect h1")).Expect(0).ExpectText("removed");

            await Lab.SignalRegistryAsync("STOP");
            (await Lab.ClusterAsync("rollback web")).Expect(0);
            Assert.Equal(images[2], (await RunningAsync("web", 1)).Single().Image);

            await File.WriteAllTextAsync(settings, $"{{ \"fullPercent\": 1, {always} }}");
            await Eventually.HoldsAsync(
                "h1 is full", 10, () => Lab.ClusterAsync("node ls"), list => list.Text.Contains("FULL", StringComparison.Ordinal));
            (await Lab.ClusterAsync("scale web=2 --detach")).Expect(0);
            (await Lab.ClusterAsync("explain web")).ExpectText("h1's disk is nearly full");
            Assert.Single(await RunningNowAsync("web"));
        }
        finally
        {
            await Lab.SignalRegistryAsync("CONT");
            File.Delete(settings);
        }

        await RunningAsync("web", 2);
        (await Lab.DockerAsync("h1", "rmi", Image("5"))).Expect(0);
    }

    private async Task<bool> HasAsync(string image) => (await Lab.DockerAsync("h1", "image", "inspect", image)).ExitCode == 0;

    [Fact]
    public async Task A_failed_update_is_mended_by_the_next_one()
    {
        await RunServiceAsync("mended", 2);
        (await Lab.ClusterAsync($"service update mended --timeout 10s --image {Image("exit1")}")).Expect(4);
        (await Lab.ClusterAsync($"service update mended --image {Image("3-hc")}")).Expect(0);
        await RunningAsync("mended", 2);
        Assert.Equal(["3", "3"], await Task.WhenAll((await NamedAsync("mended", 2)).Select(VersionAsync)));
    }

    [Fact]
    public async Task A_rollback_by_hand_brings_the_old_image_and_the_history_tells_all()
    {
        await RunServiceAsync("again", 2);
        (await Lab.ClusterAsync($"service update again --image {Image("2-hc")}")).Expect(0);
        (await Lab.ClusterAsync("rollback again")).Expect(0).ExpectText("revision 1");
        Assert.Equal(["1", "1"], await Task.WhenAll((await NamedAsync("again", 2)).Select(VersionAsync)));
        (await Lab.ClusterAsync("rollback again --to 9")).Expect(3).ExpectText("1, 2");
        var history = (await Lab.ClusterAsync("service history again -o json")).Expect(0).Json().EnumerateArray().ToList();
        Assert.Equal(["succeeded", "succeeded"], history.Select(row => row.GetProperty("state").GetString()));
        Assert.True(history[1].GetProperty("wanted").GetBoolean());
    }

    [Fact]
    public async Task A_paused_update_goes_on_when_told_and_an_aborted_one_goes_back()
    {
        var before = await RunServiceAsync("held", 4);
        (await Lab.ClusterAsync($"service update held --detach --update-monitor 3s --image {Image("2-hc")}")).Expect(0);
        (await Lab.ClusterAsync("rollout pause held")).Expect(0);
        (await Lab.ClusterAsync("rollout status held --detach")).Expect(0).ExpectText("paused");
        (await Lab.ClusterAsync("rollout resume held")).Expect(0);
        (await Lab.ClusterAsync("rollout abort held")).Expect(0).ExpectText("revision 1");
        await RunningAsync("held", 4);
        Assert.Equal(["1", "1", "1", "1"], await Task.WhenAll((await NamedAsync("held", 4)).Select(VersionAsync)));
        Assert.NotEmpty(Ids(before).Intersect(Ids(await RunningAsync("held", 4))));
    }

    // The machine-readable reason of the service's last rollout.
    private async Task<string?> FailureAsync(string service, string state = "failed")
    {
        var services = (await Lab.ClusterAsync("service ls -o json")).Expect(0).Json();
        var rollout = services.EnumerateArray().Single(row => row.GetProperty("name").GetString() == service).GetProperty("rollout");
        Assert.Equal(state, rollout.GetProperty("state").GetString());
        return rollout.GetProperty("reasonCode").GetString();
    }
}
