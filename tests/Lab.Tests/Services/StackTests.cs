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
}
