// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Joining;

/// <summary>Three bare hosts; the cluster is begun on h1 by hand, and the others join or are refused in the tests.</summary>
public sealed class JoiningFixture() : LabFixture(4, 3, "--no-cluster")
{
    private string _programs = "";

    /// <summary>A token that is valid for one minute from the fixture's start.</summary>
    public string ShortToken { get; private set; } = "";

    /// <summary>When <see cref="ShortToken"/> was made, on the monotonic clock.</summary>
    public long ShortTokenMade { get; private set; }

    /// <summary>What <c>cluster init</c> said.</summary>
    public CommandResult Init { get; private set; } = null!;

    /// <inheritdoc/>
    protected override async Task BeginAsync()
    {
        _programs = await Programs.DirectoryAsync();
        Init = (await ClusterAsync("h1", ["init", .. HostOptions("h1")])).Expect(0);
        ShortTokenMade = TimeProvider.System.GetTimestamp();
        ShortToken = (await ClusterAsync("h1", "token", "create", "-q", "--ttl", "1m")).Expect(0).Output.Trim();
    }

    /// <summary>Runs <c>cluster …</c> on a host, with the context that <c>init</c> wrote on h1.</summary>
    public Task<CommandResult> ClusterAsync(string host, params string[] arguments) => Lab.RunAsync(
        TimeSpan.FromMinutes(2), host,
        ["env", $"CLUSTER_CONFIG={Lab.DataOf("h1")}/operator/config.yaml", $"{_programs}/cluster", .. arguments]);

    /// <summary>Joins a host with a token.</summary>
    /// <param name="host">Which.</param>
    /// <param name="token">The token.</param>
    /// <param name="name">The node's name; null: the host's.</param>
    /// <param name="via">The host that is asked to let it in.</param>
    /// <param name="more">Further options.</param>
    public Task<CommandResult> JoinAsync(string host, string token, string? name = null, string via = "h1", params string[] more) =>
        ClusterAsync(host, ["join", $"{Lab.AddressOf(via)}:7443", "--token", token, .. HostOptions(host, name), .. more]);

    /// <summary>Makes a token.</summary>
    public async Task<string> TokenAsync(params string[] options) =>
        (await ClusterAsync("h1", ["token", "create", "-q", .. options])).Expect(0).Output.Trim();

    private string[] HostOptions(string host, string? name = null) =>
    [
        "--name", name ?? host, "--advertise", Lab.AddressOf(host), "--data-dir", Lab.DataOf(host), "--docker-socket", "/run/docker.sock",
        "--consul-bin", Consul(),
    ];

    private static string Consul()
    {
        var tools = Environment.GetEnvironmentVariable("CLUSTER_TOOLS") ?? "/var/cache/cluster-manager";
        return Environment.GetEnvironmentVariable("CONSUL_BIN") is { Length: > 0 } given ? given : Path.Combine(tools, "consul", "consul");
    }
}
