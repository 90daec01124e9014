// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using ClusterManager.Consul;
using ClusterManager.Consul.Provisioning;

namespace ClusterManager.Hollow.Cluster;

/// <summary>A real Consul server on loopback, with access control as <c>cluster init</c> sets it up. Killed when it is disposed.</summary>
internal sealed class ConsulServer : IAsyncDisposable
{
    /// <summary>Its node name.</summary>
    public const string Name = "hollow-manager";

    private readonly Process _process;

    private ConsulServer(Process process, Uri address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>Its HTTP API.</summary>
    public Uri Address { get; }

    /// <summary>The secret of its management token.</summary>
    public string ManagementToken { get; private init; } = "";

    /// <summary>The secret of the manager's token.</summary>
    public string ManagerToken { get; private set; } = "";

    /// <summary>Starts it and waits until it serves.</summary>
    /// <param name="directory">Where its files go.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<ConsulServer> StartAsync(string directory, CancellationToken cancellationToken)
    {
        var ports = LoopbackPorts.Take(4);
        var management = Guid.NewGuid().ToString();
        var options = new ConsulAgentOptions
        {
            NodeName = Name, DataDirectory = Path.Combine(directory, "data"), BindAddress = "127.0.0.1", IsServer = true,
            BootstrapExpect = 1, LogLevel = "warn", Acl = new ConsulAgentAcl(InitialManagementToken: management),
            Ports = new ConsulPorts { Dns = ports[0], Http = ports[1], Server = ports[2], SerfLan = ports[3] },
        };
        Directory.CreateDirectory(directory);
        var binary = FindBinary();
        var file = Path.Combine(directory, "agent.json");
        await File.WriteAllTextAsync(
            file, ConsulConfiguration.ToJson(options, await VersionOfAsync(binary, cancellationToken)), cancellationToken);
        var server = new ConsulServer(Start(binary, file, directory), new Uri($"http://127.0.0.1:{ports[1]}"))
        {
            ManagementToken = management,
        };
        await server.SecureAsync(cancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task SecureAsync(CancellationToken cancellationToken)
    {
        using var client = new ConsulClient(new ConsulClientOptions { Address = Address, Token = () => ManagementToken });
        var ready = await ConsulReadiness.WaitAsync(client, new ReadinessRequest { NeedsAcl = true }, cancellationToken);
        if (!ready.IsReady) throw new InvalidOperationException($"Consul is not ready: {ready.Reason}");
        var acl = new ConsulAcl(client);
        await acl.EnsureAsync(cancellationToken);
        var own = await acl.EnsureNodeTokenAsync(Name, null, cancellationToken);
        await client.Agent.SetTokenAsync(AgentTokenKind.Agent, own.SecretId!, cancellationToken);
        ManagerToken = (await acl.EnsureManagerTokenAsync(Name, null, cancellationToken)).SecretId!;
    }

    private static string FindBinary()
    {
        var tools = Environment.GetEnvironmentVariable("CLUSTER_TOOLS") ?? "/var/cache/cluster-manager";
        var paths = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        string?[] candidates =
        [
            Environment.GetEnvironmentVariable("CONSUL_BIN"), Path.Combine(tools, "consul", "consul"),
            .. paths.Select(path => Path.Combine(path, "consul")),
        ];
        return candidates.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException("Consul is needed: set CONSUL_BIN, or run '. scripts/lib/consul.sh; install_consul'");
    }

    private static async Task<ConsulVersion> VersionOfAsync(string binary, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(binary, ["version"]) { RedirectStandardOutput = true })!;
        var version = ConsulVersion.ParseSupported(await process.StandardOutput.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        return version;
    }

    // Its output goes to a file by way of the shell: a pipe would have to be read.
    private static Process Start(string binary, string file, string directory) =>
        Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" agent -config-file \"$1\" >\"$2\" 2>&1",
            binary, file, Path.Combine(directory, "consul.log")]))
        ?? throw new InvalidOperationException("Consul did not start");
}
