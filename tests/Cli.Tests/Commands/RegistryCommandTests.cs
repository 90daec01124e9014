// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using ClusterManager.Cli.Tests.Fixtures;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Tests.Commands;

/// <summary><c>cluster registry login|ls|rm</c>: what is sent, and that the password is shown nowhere.</summary>
public sealed class RegistryCommandTests
{
    [Fact]
    public async Task A_password_comes_from_standard_input_without_its_line_end()
    {
        await using var cluster = await StartAsync();
        var cli = new CliRun(cluster.Address) { Piped = "s3cret pass \r\n" };
        Assert.Equal(0, await cli.RunAsync("registry login registry.lab:5000 --username puller --password-stdin"));
        var request = Assert.Single(cluster.Asked<V1.PutLoginRequest>());
        Assert.Equal(
            ("registry.lab:5000", "puller", "s3cret pass ", ""), (request.Registry, request.Username, request.Password, request.Helper));
        Assert.Equal("Set the credential for registry.lab:5000.\n", cli.Out);
        Assert.DoesNotContain("s3cret", cli.Out + cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_helper_is_named_and_no_password_asked_for()
    {
        await using var cluster = await StartAsync();
        Assert.Equal(0, await new CliRun(cluster.Address).RunAsync("registry login registry.example --helper registry-token"));
        var request = Assert.Single(cluster.Asked<V1.PutLoginRequest>());
        Assert.Equal(
            ("registry.example", "", "", "registry-token"), (request.Registry, request.Username, request.Password, request.Helper));
    }

    [Theory]
    [InlineData("registry login r.lab", "", "either --username with a password, or --helper is needed")]
    [InlineData("registry login r.lab --username u --helper h", "", "either --username with a password, or --helper is needed")]
    [InlineData("registry login r.lab --helper h --password-stdin", "x", "either --username with a password, or --helper is needed")]
    [InlineData("registry login r.lab --username u", "x", "a password is needed")]
    [InlineData("registry login r.lab --username u --password-stdin", "\n", "a password is needed")]
    public async Task A_wrong_line_is_refused_before_anybody_is_asked(string line, string piped, string expected)
    {
        await using var cluster = await StartAsync();
        var cli = new CliRun(cluster.Address) { Piped = piped };
        Assert.Equal(2, await cli.RunAsync(line));
        Assert.Contains(expected, cli.Error, StringComparison.Ordinal);
        Assert.Empty(cluster.Requests);
    }

    [Fact]
    public async Task The_list_has_no_secrets_and_rm_names_what_goes()
    {
        await using var cluster = await StartAsync();
        var list = new V1.LoginList();
        list.Logins.Add(new V1.LoginStatus { Registry = "registry.lab:5000", Username = "puller", CreatedBy = "operator olga" });
        list.Logins.Add(new V1.LoginStatus { Registry = "registry.example", Helper = "registry-token", CreatedBy = "operator olga" });
        cluster.On((V1.LoginsRequest _) => list);
        var cli = new CliRun(cluster.Address);
        Assert.Equal(0, await cli.RunAsync("registry ls"));
        Assert.StartsWith("REGISTRY            USERNAME   HELPER ", cli.Out, StringComparison.Ordinal);
        Assert.Equal(0, await cli.RunAsync("registry ls -o json"));
        using var json = JsonDocument.Parse(cli.Out);
        Assert.Equal(
            "registry username helper createdAt createdBy",
            string.Join(' ', json.RootElement[0].EnumerateObject().Select(property => property.Name)));
        Assert.Equal(0, await cli.RunAsync("registry rm registry.example"));
        Assert.Equal("registry.example", Assert.Single(cluster.Asked<V1.RemoveLoginRequest>()).Registry);
    }

    private static async Task<FakeCluster> StartAsync()
    {
        var cluster = await FakeCluster.StartAsync();
        cluster.On((V1.PutLoginRequest r) => new V1.LoginStatus { Registry = r.Registry });
        cluster.On((V1.RemoveLoginRequest _) => new V1.RemoveLoginResponse());
        return cluster;
    }
}
