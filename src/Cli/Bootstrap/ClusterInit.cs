// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Consul.Provisioning;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Processes;
using ClusterManager.Hosting.Security;
using ClusterManager.Wire.V1;
using NodeRole = ClusterManager.Hosting.Files.NodeRole;

namespace ClusterManager.Cli.Bootstrap;

/// <summary>
/// The first machine: its identity and the cluster's CA, a Consul server secured from its first start, a manager, an agent. Everything is
/// written before it is used, so that running it again resumes where it broke off.
/// </summary>
internal sealed class ClusterInit(MachineOptions machine, string clusterName, IBootstrapReport report, TimeProvider time)
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly ClusterPaths _paths = ClusterPaths.Resolve(machine.DataDirectory);
    private readonly FirstMachine _first = new(machine, time);
    private string Address => FirstMachine.AddressOf(machine);

    /// <summary>Runs all steps.</summary>
    /// <exception cref="BootstrapException">A step failed; what to do is in the message.</exception>
    public async Task<InitResult> RunAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var node = (await NodeFile.At(_paths).ReadAsync(cancellationToken)).Value;
        var bootstrap = (await BootstrapFile.At(_paths).ReadAsync(cancellationToken)).Value;
        if (node is not null && bootstrap is null) return await ResumeRunningAsync(node, started, cancellationToken);
        var running = (await HostRoles.Keeper(_paths, time).StatusAsync(cancellationToken)).Any(role => role.IsRunning);
        var (consul, version) = await Preflight.CheckAsync(machine, running ? [] : Preflight.AllPorts, report, cancellationToken);
        (node, bootstrap) = await PrepareAsync(node, bootstrap, cancellationToken);
        await StartConsulAsync(bootstrap, consul, version, cancellationToken);
        bootstrap = await SecureConsulAsync(bootstrap, version, cancellationToken);
        report.Step("starting the manager and the agent");
        await HostRoles.All(_paths, consul, isManager: true).WriteAsync(_paths, cancellationToken);
        await StartProcessesAsync(cancellationToken);
        return await FinishAsync(node, wasThere: false, started, cancellationToken);
    }

    // The operator's files were written before the first start: an init that broke off while it waited is resumed with them.
    private async Task<InitResult> FinishAsync(NodeFile node, bool wasThere, long started, CancellationToken cancellationToken)
    {
        using var identity = await CertificateWithKey.TryLoadAsync(InitResult.OperatorPem(_paths), cancellationToken)
            ?? throw new BootstrapException(BootstrapException.Failed,
                $"{InitResult.OperatorPem(_paths)} is missing or damaged: use the context that the first init wrote");
        var ca = await File.ReadAllTextAsync(_paths.TrustedRoots, cancellationToken);
        var token = await WaitAndMakeTokenAsync(node, TrustBundle.Parse(ca), identity, cancellationToken);
        return new InitResult(
            clusterName, node.ClusterId, node.NodeName, Address, ca, identity.CertificatePem, identity.PrivateKeyPem.Reveal(), token,
            wasThere, time.GetElapsedTime(started));
    }

    private async Task<InitResult> ResumeRunningAsync(NodeFile node, long started, CancellationToken cancellationToken)
    {
        if (!node.IsManager)
            throw new BootstrapException(BootstrapException.Conflict,
                $"this machine has joined cluster {node.ClusterId} as {node.NodeName}: a second cluster cannot be made on it");
        report.Step("the cluster is there already; making sure that it runs");
        await StartProcessesAsync(cancellationToken);
        return await FinishAsync(node, wasThere: true, started, cancellationToken);
    }

    private async Task<(NodeFile Node, BootstrapFile Bootstrap)> PrepareAsync(NodeFile? node, BootstrapFile? bootstrap,
        CancellationToken cancellationToken)
    {
        report.Step("making the cluster's identity and certificates");
        _paths.CreateDirectories();
        var clusterId = node?.ClusterId ?? Commands.RequestId.New();
        if (bootstrap is null)
        {
            bootstrap = _first.NewBootstrap(clusterId, clusterName);
            await BootstrapFile.At(_paths).WriteAsync(bootstrap, cancellationToken);
        }

        if (node is not null) return (node, bootstrap);
        node = _first.NewNode(FirstMachine.ClusterIdOf(bootstrap), Commands.RequestId.New(), 1);
        await _first.WriteIdentityAsync(node, bootstrap, ClusterKey.Create(), cancellationToken);
        await NodeFile.At(_paths).WriteAsync(node, cancellationToken);
        return (node, bootstrap);
    }

    private async Task StartConsulAsync(BootstrapFile bootstrap, string consul, ConsulVersion version, CancellationToken cancellationToken)
    {
        report.Step($"starting Consul {version} with TLS, gossip encryption and access control");
        await ConsulFiles.WriteConfigurationAsync(_paths, ServerOptions(bootstrap, bootstrap.ConsulManagementToken), version,
            cancellationToken);
        await HostRoles.ConsulOnly(_paths, consul).WriteAsync(_paths, cancellationToken);
        await StartProcessesAsync(cancellationToken);
    }

    private async Task<BootstrapFile> SecureConsulAsync(BootstrapFile bootstrap, ConsulVersion version, CancellationToken cancellationToken)
    {
        using var client = new ConsulClient(new ConsulClientOptions { Token = () => bootstrap.ConsulManagementToken });
        var ready = await ConsulReadiness.WaitAsync(
            client, new ReadinessRequest { Voters = [machine.Name], NeedsAcl = true, Timeout = ReadyLimit }, cancellationToken);
        if (!ready.IsReady) throw new BootstrapException(BootstrapException.Failed,
            $"Consul did not become ready: {ready.Reason}. Its log is {Path.Combine(_paths.LogDirectory, "consul.out")}");
        report.Step("giving Consul's processes the least rights they need");
        var acl = new ConsulAcl(client);
        await acl.EnsureAsync(cancellationToken);
        var nodeToken = await acl.EnsureNodeTokenAsync(machine.Name, bootstrap.NodeTokenAccessor, cancellationToken);
        var managerToken = await acl.EnsureManagerTokenAsync(machine.Name, null, cancellationToken);
        await client.Agent.SetTokenAsync(AgentTokenKind.Agent, nodeToken.SecretId!, cancellationToken);
        await AtomicFile.WriteTextAsync(ConsulFiles.AgentToken(_paths), nodeToken.SecretId!, FileModes.Private, cancellationToken);
        await AtomicFile.WriteTextAsync(_paths.ManagerConsulToken, managerToken.SecretId!, FileModes.Private, cancellationToken);
        // From its next start on Consul does not need the management token; it stays in the state, sealed.
        await ConsulFiles.WriteConfigurationAsync(_paths, ServerOptions(bootstrap, null), version, cancellationToken);
        return bootstrap;
    }

    private ConsulAgentOptions ServerOptions(BootstrapFile bootstrap, string? managementToken) =>
        ConsulFiles.Options(_paths, machine, isServer: true, bootstrap.GossipKey) with
        {
            BootstrapExpect = 1, Acl = new ConsulAgentAcl(managementToken),
        };

    private Task StartProcessesAsync(CancellationToken cancellationToken) =>
        HostRoles.StartAsync(_paths, StartLimit, time, cancellationToken);

    private async Task<string> WaitAndMakeTokenAsync(NodeFile node, TrustBundle trust, CertificateWithKey identity,
        CancellationToken cancellationToken)
    {
        using var calls = new ManagerCalls(node.ClusterId, trust, identity, time);
        await calls.WaitForNodeAsync(Address, node.NodeName, ReadyLimit, cancellationToken);
        var tokens = new TokenApi.TokenApiClient(calls.Open(Address).CreateCallInvoker());
        var request = new CreateTokenRequest { RequestId = Commands.RequestId.New() };
        return (await tokens.CreateAsync(request, calls.Options(cancellationToken))).Token;
    }
}
