// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Processes;
using ClusterManager.Hosting.Security;
using ClusterManager.Wire.V1;
using Grpc.Core;

namespace ClusterManager.Cli.Bootstrap;

/// <summary>A machine that is a node already: what its disk says, and what a new life of the cluster's state does to it. Containers, and
/// what the agent knows of them, stay.</summary>
internal sealed class KnownMachine(ClusterPaths paths, NodeFile node, string consulBinary, TimeProvider time)
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    /// <summary>What <c>node.json</c> says.</summary>
    public NodeFile Node { get; } = node;

    /// <summary>The machine as options of <c>init</c> and <c>join</c>.</summary>
    public MachineOptions Options => new()
    {
        Name = Node.NodeName, Advertise = Node.AdvertiseAddress, DataDirectory = paths.Root, DockerSocket = Node.DockerSocket,
        ConsulBinary = consulBinary, PortRangeFirst = Node.PortRangeFirst, PortRangeLast = Node.PortRangeLast,
    };

    /// <summary>The machine of this disk; null: it is in no cluster.</summary>
    public static async Task<KnownMachine?> ReadAsync(ClusterPaths paths, string? consul, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if ((await NodeFile.At(paths).ReadAsync(cancellationToken)).Value is not { } node) return null;
        var (host, _) = await HostFile.ReadAsync(paths, cancellationToken);
        var known = host?.Roles.FirstOrDefault(role => role.Name == "consul")?.Command[0];
        return new KnownMachine(paths, node, consul ?? known ?? "consul", time);
    }

    /// <summary>The manager of this cluster that answers, of those that this disk knows; null: none does.</summary>
    public async Task<string?> FindManagerAsync(CancellationToken cancellationToken)
    {
        using var identity = await CertificateWithKey.TryLoadAsync(paths.NodeCertificate, cancellationToken);
        var pem = await AtomicFile.ReadTextAsync(paths.TrustedRoots, cancellationToken) ?? "";
        if (identity is null || TrustBundle.TryParse(pem, out _) is not { } trust) return null;
        using var calls = new ManagerCalls(Node.ClusterId, trust, identity, time);
        foreach (var address in Node.ManagerAddresses)
        {
            try
            {
                var client = new ClusterApi.ClusterApiClient(calls.Open(address).CreateCallInvoker());
                var limit = (time.GetUtcNow() + TimeSpan.FromSeconds(5)).UtcDateTime;
                await client.StatusAsync(new StatusRequest(), new CallOptions(null, limit, cancellationToken));
                return address;
            }
            catch (RpcException error) when (error.StatusCode is StatusCode.PermissionDenied or StatusCode.Unauthenticated)
            {
                // It refuses this machine, whose certificate may have expired: it lives.
                return address;
            }
            catch (RpcException error) when (error.StatusCode != StatusCode.Cancelled || !cancellationToken.IsCancellationRequested)
            {
                // It is gone, or knows no leader: no cluster there.
            }
        }

        return null;
    }

    /// <summary>Ends our processes; containers run on.</summary>
    /// <exception cref="BootstrapException">They do not end.</exception>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var keeper = HostRoles.Keeper(paths, time);
        if (!await keeper.StopAllAsync(StopLimit, cancellationToken))
            throw new BootstrapException(BootstrapException.Failed,
                $"the processes of this machine do not end: see cluster host status, and the logs in {paths.LogDirectory}");
        // Who stopped one of them during the disaster wants it to run afterwards; both keepers read the same note.
        var control = new HostControl(paths, time);
        foreach (var role in await keeper.StatusAsync(cancellationToken)) control.Allow(role.Name);
    }

    /// <summary>
    /// Consul's old data goes aside (<c>consul.before-N</c>), since its servers were another cluster's; so does the list of managers.
    /// </summary>
    public void SetAside(long incarnation)
    {
        var aside = $"{paths.ConsulDirectory}.before-{incarnation}";
        for (var more = 2; Directory.Exists(aside); more++) aside = $"{paths.ConsulDirectory}.before-{incarnation}-{more}";
        if (Directory.Exists(paths.ConsulDirectory)) Directory.Move(paths.ConsulDirectory, aside);
        foreach (var suffix in new[] { "", AtomicFile.PreviousSuffix })
            File.Delete(Path.Combine(paths.AgentDirectory, "cluster-map.pb" + suffix));
        paths.CreateDirectories();
    }

    /// <summary>The agent believes this life of the state from now on.</summary>
    public static Task ConfirmAsync(ClusterPaths paths, long incarnation, CancellationToken cancellationToken) =>
        AtomicFile.WriteTextAsync(
            Path.Combine(paths.AgentDirectory, "confirmed-incarnation"),
            incarnation.ToString(System.Globalization.CultureInfo.InvariantCulture) + "\n", FileModes.Private, cancellationToken);

    /// <summary>Consul as a member of the managers' cluster.</summary>
    public async Task WriteConsulAsync(ConsulJoin join, CancellationToken cancellationToken)
    {
        var found = await Checks.ConsulCheck.RunAsync(consulBinary, cancellationToken);
        if (found.Problem is { } problem) throw new BootstrapException(BootstrapException.Failed, problem.ToString());
        await ConsulFiles.WriteJoinAsync(paths, Options, join, found.Version, cancellationToken);
    }
}
