// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Services;

/// <summary>What is refused, with which exit code and words; nothing of it leaves a trace.</summary>
[Collection(OneManager.Name)]
public sealed class BadInputTests(OneManagerFixture fixture) : LabTest(fixture)
{
    [Theory]
    [InlineData("Not_a_Label")]
    [InlineData("-web")]
    [InlineData("a-name-that-is-longer-than-the-sixty-three-characters-of-a-dns-label")]
    public async Task A_name_that_is_no_dns_label_is_bad_input(string name)
    {
        (await Lab.ClusterAsync($"run --name={name} --replicas 1 {Image("1")}")).Expect(2).ExpectText("name", name);
        Assert.Empty((await Lab.ClusterAsync("service ls -o name")).Expect(0).Lines);
    }

    [Fact]
    public async Task A_spec_with_everything_wrong_is_answered_with_all_that_is_wrong()
    {
        var file = await FileAsync("wrong.yml", """
            name: wrong
            services:
              web:
                image: ""
                ports: ["99999:8080"]
                working_dir: not/absolute
                hostname: not_a_host!
                stop_grace_period: -5s
                deploy:
                  replicas: 10001
                  resources:
                    limits: {memory: "1"}
                  placement:
                    constraints: ["node.colour==red"]
            """);
        var result = (await Lab.ClusterAsync($"deploy -f {file}")).Expect(2);
        result.ExpectText("image", "99999", "not/absolute", "not_a_host!", "stop_grace_period", "10001", "memory", "node.colour");
        Assert.Empty((await Lab.ClusterAsync("service ls -o name")).Expect(0).Lines);
    }

    [Fact]
    public async Task Unknown_keys_of_a_compose_file_are_all_named_with_their_places()
    {
        var file = await FileAsync("unknown.yml", $"""
            services:
              web:
                image: {Image("1")}
                colour: red
              db:
                image: {Image("1")}
                privileged: true
            """);
        (await Lab.ClusterAsync($"deploy -f {file} unknown")).Expect(2).ExpectText(
            "unknown.yml:4:", "colour", "unknown.yml:7:", "privileged");
    }

    [Fact]
    public async Task Ten_thousand_and_one_replicas_are_bad_input_and_ten_thousand_are_not()
    {
        (await Lab.ClusterAsync($"run --name many --replicas 10001 {Image("1")}")).Expect(2).ExpectText("10001");
        (await Lab.ClusterAsync($"run --name many --replicas 10000 --constraint node.labels.none==here {Image("1")}")).Expect(5);
        (await Lab.ClusterAsync("status")).ExpectText("many");
    }

    [Fact]
    public async Task What_is_not_there_is_not_found_and_the_nearest_name_is_offered()
    {
        await RunServiceAsync("checkout", 1);
        (await Lab.ClusterAsync("service inspect chekout")).Expect(3).ExpectText("chekout", "checkout");
        (await Lab.ClusterAsync("scale chekout=2")).Expect(3);
        (await Lab.ClusterAsync("service rm chekout")).Expect(3);
        (await Lab.ClusterAsync("logs chekout")).Expect(3);
        (await Lab.ClusterAsync("explain chekout")).Expect(3);
        (await Lab.ClusterAsync("node inspect h9")).Expect(3).ExpectText("h9");
        (await Lab.ClusterAsync("stack rm nothing")).Expect(3);
    }

    [Fact]
    public async Task An_unknown_command_is_bad_input_and_the_nearest_one_is_offered()
    {
        (await Lab.ClusterAsync("servce ls")).Expect(2).ExpectText("service");
        (await Lab.ClusterAsync("run --nmae web image")).Expect(2);
    }

    [Fact]
    public async Task What_loses_data_needs_a_yes_where_nobody_can_be_asked()
    {
        (await Lab.ClusterAsync("node rm h3")).Expect(2).ExpectText("--yes");
        (await Lab.ClusterAsync("node confirm-loss")).Expect(2).ExpectText("--yes");
        (await Lab.ClusterAsync("node ls -o name")).Expect(0).ExpectText("h3");
    }

    [Fact]
    public async Task A_node_that_is_not_down_is_not_removed()
    {
        (await Lab.ClusterAsync("node rm h3 --yes")).Expect(8).ExpectText("h3");
        (await Lab.ClusterAsync("node ls -o name")).Expect(0).ExpectText("h3");
    }

    [Fact]
    public async Task No_manager_to_be_reached_is_told_apart()
    {
        var result = await Lab.RunAsync("h1", "env", "CLUSTER_MANAGER=127.0.0.1:1", "cluster", "service", "ls");
        result.Expect(7).ExpectText("127.0.0.1:1");
    }
}
