// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

using System.Text.Json;

namespace ClusterManager.Lab.Tests.Services;

/// <summary>What the reading commands say.</summary>
[Collection(OneManager.Name)]
public sealed class ReadTests(OneManagerFixture fixture) : LabTest(fixture)
{
    [Fact]
    public async Task Node_ls_lists_every_host_with_its_state()
    {
        var table = (await Lab.ClusterAsync("node ls")).Expect(0);
        Assert.StartsWith("NAME", table.Lines[0], StringComparison.Ordinal);
        table.ExpectText("h1", "h2", "h3", "ready", "leader");
        var nodes = (await Lab.ClusterAsync("node ls -o json")).Expect(0).Json();
        Assert.Equal(["h1", "h2", "h3"], nodes.EnumerateArray().Select(node => node.GetProperty("name").GetString()).Order());
    }

    [Fact]
    public async Task Node_inspect_tells_each_hosts_own_engine()
    {
        var newer = (await Lab.DockerAsync("h2", "version", "-f", "{{.Server.Version}}")).Expect(0).Output.Trim();
        var older = (await Lab.DockerAsync("h1", "version", "-f", "{{.Server.Version}}")).Expect(0).Output.Trim();
        Assert.NotEqual(newer, older);
        (await Lab.ClusterAsync("node inspect h2")).Expect(0).ExpectText(newer, Lab.AddressOf("h2"));
        (await Lab.ClusterAsync("node inspect h1")).Expect(0).ExpectText(older, Lab.AddressOf("h1"));
    }

    [Fact]
    public async Task Every_list_is_one_json_array_and_names_only_on_request()
    {
        await RunServiceAsync("listed", 2);
        foreach (var command in new[] { "service ls", "service ps listed", "stack ls", "node ls", "token ls" })
        {
            Assert.Equal(JsonValueKind.Array, (await Lab.ClusterAsync($"{command} -o json")).Expect(0).Json().ValueKind);
        }
        Assert.Equal(["listed"], (await Lab.ClusterAsync("service ls -o name")).Expect(0).Lines);
        (await Lab.ClusterAsync("service ls -o yaml")).Expect(0).ExpectText("name: listed");
        (await Lab.ClusterAsync("ps listed")).Expect(0).ExpectText("listed.1", "listed.2", "running");
    }

    [Fact]
    public async Task Inspect_tells_the_spec_and_the_digest_of_the_image()
    {
        await RunServiceAsync("known", 1, "-p 8080 -e COLOUR=blue");
        (await Lab.ClusterAsync("inspect known")).Expect(0).ExpectText("COLOUR", "blue", Image("1-hc"), "sha256:");
    }

    [Fact]
    public async Task Explain_says_of_a_healthy_service_that_it_is_well()
    {
        await RunServiceAsync("well", 2);
        (await Lab.ClusterAsync("explain well")).Expect(0).ExpectText("well", "2");
    }

    [Fact]
    public async Task Status_is_one_line_when_all_is_well()
    {
        await RunServiceAsync("fine", 1);
        var status = await Eventually.HoldsAsync("all is well", 10, () => Lab.ClusterAsync("status"), status => status.ExitCode == 0);
        Assert.Single(status.Lines);
    }

    [Fact]
    public async Task Any_host_with_the_operators_context_can_ask()
    {
        foreach (var host in Lab.Hosts) (await Lab.ClusterOnAsync(host, "node ls -o name")).Expect(0).ExpectText("h1", "h2", "h3");
    }

    [Fact]
    public async Task The_managers_port_answers_for_its_health()
    {
        foreach (var path in new[] { "healthz", "readyz" })
        {
            (await Lab.LocalAsync("curl", "-fsSk", "--max-time", "3", $"https://{Lab.AddressOf("h1")}:7443/{path}")).Expect(0);
        }
    }

    [Fact]
    public async Task Every_command_has_help_with_an_example()
    {
        string[] commands = ["init", "join", "status", "deploy", "run", "service", "service ls", "logs", "node ls", "explain", "stack rm",
            "token create"];
        foreach (var command in commands) (await Lab.ClusterAsync($"{command} --help")).Expect(0).ExpectText(
            "cluster " + command.Split(' ')[0]);
    }
}
