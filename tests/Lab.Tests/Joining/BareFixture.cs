// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Joining;

/// <summary>Bare hosts, on which tests begin clusters by hand with the programs as they were built.</summary>
public abstract class BareFixture(int number, int hosts) : LabFixture(number, hosts, "--no-cluster")
{
    private static string s_programs = "";

    /// <summary>Consul's program, of the tests' tools.</summary>
    public static string ConsulProgram
    {
        get
        {
            var tools = Environment.GetEnvironmentVariable("CLUSTER_TOOLS") ?? "/var/cache/cluster-manager";
            return Environment.GetEnvironmentVariable("CONSUL_BIN") is { Length: > 0 } given
                ? given : Path.Combine(tools, "consul", "consul");
        }
    }

    /// <summary>The path of one of our programs.</summary>
    public static string Programs(string name) => Path.Combine(s_programs, name);

    /// <inheritdoc/>
    protected override async Task BeginAsync() => s_programs = await Harness.Programs.DirectoryAsync();

    /// <summary>Begins a cluster on a host.</summary>
    public Task<CommandResult> InitAsync(string host) => ClusterAsync(host, ["init", .. HostOptions(host)]);

    /// <summary>Runs <c>cluster …</c> on a host, with the context that <c>init</c> wrote on h1, or on the host itself.</summary>
    public Task<CommandResult> ClusterAsync(string host, params string[] arguments)
    {
        var own = Path.Combine(Lab.DataOf(host), "operator", "config.yaml");
        var config = File.Exists(own) || arguments[0] == "init" ? own : Path.Combine(Lab.DataOf("h1"), "operator", "config.yaml");
        return Lab.RunAsync(TimeSpan.FromMinutes(2), host, ["env", $"CLUSTER_CONFIG={config}", Programs("cluster"), .. arguments]);
    }

    /// <summary>Joins a host to h1's cluster with a token.</summary>
    public Task<CommandResult> JoinFirstAsync(string host, string token, params string[] more) => ClusterAsync(
        host, ["join", $"{Lab.AddressOf("h1")}:7443", "--token", token, .. HostOptions(host), .. more]);

    /// <summary>Makes a token on a host.</summary>
    public async Task<string> TokenOnAsync(string host, params string[] options) =>
        (await ClusterAsync(host, ["token", "create", "-q", .. options])).Expect(0).Output.Trim();

    /// <summary>The names of the nodes of a host's cluster.</summary>
    public async Task<IReadOnlyList<string>> NodesAsync(string host) =>
        (await ClusterAsync(host, "node", "ls", "-o", "name")).Expect(0).Lines;

    /// <summary>The options of <c>init</c> and <c>join</c> on a host.</summary>
    protected string[] HostOptions(string host, string? name = null) =>
    [
        "--name", name ?? host, "--advertise", Lab.AddressOf(host), "--data-dir", Lab.DataOf(host), "--docker-socket", "/run/docker.sock",
        "--consul-bin", ConsulProgram,
    ];
}
