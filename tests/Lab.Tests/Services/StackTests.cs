// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Services;

/// <summary>Compose files.</summary>
[Collection(Rolling.Name)]
public sealed class StackTests(RollingFixture fixture) : LabTest(fixture)
{
    private const string Shop = """
        name: shop
        services:
          web:
            image: registry.lab:5000/web:1
            environment: {GREETING: "${GREETING:-hello}"}
            ports: ["8080"]
            healthcheck:
              test: ["CMD", "/web", "--health"]
              interval: 1s
            deploy: {replicas: 2}
          store:
            image: registry.lab:5000/web:2
            ports: ["8080"]
            volumes: ["data:/data"]
        volumes:
          data:
        """;

    [Fact]
    public async Task A_file_is_deployed_and_the_same_file_again_changes_nothing()
    {
        var file = await FileAsync("shop.yml", Shop);
        (await Lab.ClusterAsync($"deploy -f {file}")).Expect(0).ExpectText("web", "store");
        var web = await RunningAsync("shop/web", 2);
        var store = await RunningAsync("shop/store", 1);
        await NamedAsync("shop-web", 2);
        await NamedAsync("shop-store", 1);
        (await Lab.DockerAsync(web[0].Host, "inspect", web[0].Id)).ExpectText("GREETING=hello");
        (await Lab.DockerAsync(store[0].Host, "inspect", store[0].Id)).ExpectText("\"Destination\": \"/data\"");

        (await Lab.ClusterAsync($"deploy -f {file}")).Expect(0).ExpectText("nothing to do");
        Assert.Equal(Lives([.. web, .. store]), Lives([.. await RunningNowAsync("shop/web"), .. await RunningNowAsync("shop/store")]));
    }

    [Fact]
    public async Task A_changed_file_replaces_only_what_changed()
    {
        (await Lab.ClusterAsync($"deploy -f {await FileAsync("shop.yml", Shop)}")).Expect(0);
        var store = await RunningAsync("shop/store", 1);
        var changed = await FileAsync("shop.yml", Shop.Replace("hello", "welcome", StringComparison.Ordinal));
        (await Lab.ClusterAsync($"deploy -f {changed}")).Expect(0);
        var web = await RunningAsync("shop/web", 2);
        (await Lab.DockerAsync(web[0].Host, "inspect", web[0].Id)).ExpectText("GREETING=welcome");
        Assert.Equal(Lives(store), Lives(await RunningNowAsync("shop/store")));
    }

    [Fact]
    public async Task Stack_rm_removes_all_of_it_and_nothing_else()
    {
        (await Lab.ClusterAsync($"deploy -f {await FileAsync("shop.yml", Shop)}")).Expect(0);
        var other = await RunServiceAsync("other", 1);
        (await Lab.ClusterAsync("stack ls -o name")).Expect(0).ExpectText("shop");
        (await Lab.ClusterAsync("stack rm shop")).Expect(0);
        await RunningAsync("shop/web", 0);
        await RunningAsync("shop/store", 0);
        await NamedAsync("shop-web", 0);
        Assert.DoesNotContain("shop", (await Lab.ClusterAsync("service ls -o name")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal(Lives(other), Lives(await RunningNowAsync("other")));
    }

    [Fact]
    public async Task A_name_that_another_stacks_service_has_in_the_dns_is_refused_with_its_holder()
    {
        (await Lab.ClusterAsync($"deploy -f {await FileAsync("shop.yml", Shop)}")).Expect(0);
        (await Lab.ClusterAsync($"run --name shop-web --replicas 1 {Image("1")}")).Expect(8).ExpectText("shop/web");
        Assert.Empty(await RunningNowAsync("shop-web"));
    }

    [Fact]
    public async Task A_stack_with_one_bad_service_fails_and_names_it()
    {
        var file = await FileAsync("half.yml", $"""
            name: half
            services:
              good:
                image: {Image("1")}
              bad:
                image: {Image("none")}
            """);
        (await Lab.ClusterAsync($"deploy -f {file}")).Expect(1).ExpectText("bad", "web:none");
    }

    [Fact]
    public async Task The_third_of_four_fails_and_all_return_and_a_release_comes_back_without_a_registry()
    {
        string[] names = ["a", "b", "c", "d"];
        foreach (var version in new[] { "1-hc", "2-hc" })
            (await Lab.ClusterAsync($"deploy -f {await FileAsync("row.yml", Row(version, version, isOrdered: false))}")).Expect(0);
        var before = await ImagesAsync(names);

        var failing = await FileAsync("row.yml", Row("3-hc", "exit1", isOrdered: true));
        (await Lab.ClusterAsync($"deploy -f {failing}")).Expect(4)
            .ExpectText("order: a, b → c → d", "release 3 of row goes back, since c failed", "not touched");
        Assert.Equal(before, await ImagesAsync(names));
        (await Lab.ClusterAsync("stack history row")).Expect(0).ExpectText("rolled-back", "c: ");

        await Lab.SignalRegistryAsync("STOP");
        try
        {
            (await Lab.ClusterAsync("stack rollback row")).Expect(0).ExpectText("as release 4");
        }
        finally
        {
            await Lab.SignalRegistryAsync("CONT");
        }

        Assert.Empty(before.Intersect(await ImagesAsync(names)));
        (await Lab.ClusterAsync("stack ps row")).Expect(0).ExpectText("a.1", "d.1");
    }

    private static string Row(string version, string third, bool isOrdered)
    {
        var (late, last) = !isOrdered ? ("", "")
            : (", depends_on: {a: {condition: service_healthy}, b: {condition: service_started}}", ", depends_on: [c]");
        return $$"""
            name: row
            services:
              a: {image: '{{Image(version)}}'}
              b: {image: '{{Image(version)}}'}
              c: {image: '{{Image(third)}}'{{late}}}
              d: {image: '{{Image(version)}}'{{last}}}
            """;
    }

    // The engine's ids of the images that run: a digest's content, whatever its tag has come to mean.
    private async Task<IReadOnlyList<string>> ImagesAsync(IEnumerable<string> names)
    {
        var images = new List<string>();
        foreach (var name in names)
            images.Add($"{name} {(await RunningAsync($"row/{name}", 1))[0].Image}");
        return images;
    }
}
