// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Consul.Provisioning;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Processes;
using ClusterManager.Hosting.Security;
using ClusterManager.Wire.V1;
using Grpc.Core;
using NodeRole = ClusterManager.Hosting.Files.NodeRole;

namespace ClusterManager.Cli.Bootstrap;

/// <summary>
/// Another machine: checks the cluster's CA by the token's pin, asks for its identity, writes its files and starts its processes. The ids
/// of
/// an attempt are kept on disk first, so that running it again is the same join and not a second one.
/// </summary>
internal sealed class ClusterJoin(
    MachineOptions machine, string managerAddress, JoinToken token, bool asManager, bool asConsulServer, IBootstrapReport report,
    TimeProvider time, KnownMachine? kept = null)
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly ClusterPaths _paths = ClusterPaths.Resolve(machine.DataDirectory);

    /// <summary>Runs all steps.</summary>
    /// <exception cref="BootstrapException">A step failed; what to do is in the message.</exception>
    public async Task<JoinResult> RunAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var there = (await NodeFile.At(_paths).ReadAsync(cancellationToken)).Value;
        if (there is not null && kept is null) return await ResumeAsync(there, started, cancellationToken);
        int[] roles = [.. asManager ? [7443] : Array.Empty<int>(), .. asConsulServer ? [8300] : Array.Empty<int>()];
        int[] ports = kept is not null ? [] : [8301, 8500, 8600, .. roles];
        var (consul, version) = await Preflight.CheckAsync(machine, ports, report, cancellationToken);
        _paths.CreateDirectories();
        report.Step($"checking the cluster's CA at {managerAddress} by the token's pin");
        var trust = await CaFetch.RunAsync(managerAddress, token.Pin, time, cancellationToken);
        if (kept is not null && trust.Roots[0].SubjectName.ClusterIdOf() is var id && id != kept.Node.ClusterId)
            throw new BootstrapException(
                BootstrapException.Conflict,
                $"this machine runs containers of cluster {kept.Node.ClusterId}, the managers at {managerAddress} are of {id}: "
                + "they could not be kept. Nothing was changed");
        var attempt = await JoinAttempt.LoadOrCreateAsync(_paths, kept?.Node.NodeId, cancellationToken);
        report.Step("asking for this machine's identity");
        using var csr = new SigningRequest();
        var answer = await AskAsync(trust, attempt, csr, version, cancellationToken);
        if (kept is not null)
        {
            await kept.StopAsync(cancellationToken);
            kept.SetAside(answer.Version.Incarnation);
        }

        var node = await WriteAsync(answer, attempt, csr, cancellationToken);
        if (kept is not null) await KnownMachine.ConfirmAsync(_paths, node.Incarnation, cancellationToken);
        await ConsulFiles.WriteJoinAsync(_paths, machine, answer.Consul, version, cancellationToken);
        if (asManager) await FetchClusterKeyAsync(node, trust, cancellationToken);
        await HostRoles.All(_paths, consul, asManager).WriteAsync(_paths, cancellationToken);
        await NodeFile.At(_paths).WriteAsync(node, cancellationToken);
        JoinAttempt.Forget(_paths);
        await StartAndWaitAsync(node, trust, cancellationToken);
        return Result(node, wasThere: false, started);
    }

    private async Task<JoinResult> ResumeAsync(NodeFile node, long started, CancellationToken cancellationToken)
    {
        var trust = TrustBundle.Parse(await File.ReadAllTextAsync(_paths.TrustedRoots, cancellationToken));
        if (trust.Only(token.Pin) is null)
        {
            throw new BootstrapException(BootstrapException.Conflict,
                $"this machine is node {node.NodeName} of another cluster ({node.ClusterId}) than the token's: nothing was changed");
        }

        report.Step($"this machine is node {node.NodeName} of cluster {node.ClusterId} already; making sure that it runs");
        await StartAndWaitAsync(node, trust, cancellationToken);
        return Result(node, wasThere: true, started);
    }

    private JoinResult Result(NodeFile node, bool wasThere, long started) =>
        new(node.ClusterId, node.NodeName, node.ManagerAddresses, node.IsManager, wasThere, time.GetElapsedTime(started));

    private async Task<JoinResponse> AskAsync(
        TrustBundle trust, JoinAttempt attempt, SigningRequest csr, ConsulVersion version, CancellationToken cancellationToken)
    {
        var request = new JoinRequest
        {
            RequestId = attempt.RequestId, TokenId = token.TokenId, TokenSecret = token.Secret.Reveal(), NodeId = attempt.NodeId,
                NodeName = machine.Name,
            AdvertiseAddress = machine.Advertise, AsManager = asManager, AsConsulServer = asConsulServer, CsrPem = csr.Pem,
                ConsulVersion = version.ToString(), Keep = kept is not null,
        };
        foreach (var (key, value) in machine.Labels) request.Labels[key] = value;
        using var calls = new ManagerCalls(trust.Roots[0].SubjectName.ClusterIdOf(), trust, null, time);
        var client = new Enrollment.EnrollmentClient(calls.Open(managerAddress).CreateCallInvoker());
        try
        {
            return await client.JoinAsync(request, calls.Options(cancellationToken));
        }
        catch (RpcException error)
        {
            throw JoinErrors.Translate(error, managerAddress);
        }
    }

    private async Task<NodeFile> WriteAsync(JoinResponse answer, JoinAttempt attempt, SigningRequest csr,
        CancellationToken cancellationToken)
    {
        report.Step("writing this machine's certificates and configuration");
        using var pair = csr.TryComplete(answer.CertificatePem)
            ?? throw new BootstrapException(BootstrapException.Failed,
                "the manager's certificate does not belong to this machine's request");
        await pair.SaveAsync(_paths.NodeCertificate, cancellationToken);
        if (answer.ManagerCertificatePem.Length > 0)
        {
            using var manager = csr.TryComplete(answer.ManagerCertificatePem)!;
            await manager.SaveAsync(_paths.ManagerCertificate, cancellationToken);
        }

        await AtomicFile.WriteTextAsync(_paths.TrustedRoots, string.Concat(answer.CaCertificatesPem.Select(pem => pem.TrimEnd() + "\n")),
            FileModes.Shared, cancellationToken);
        NodeRole[] roles = [NodeRole.Agent, .. asManager ? [NodeRole.Manager] : Array.Empty<NodeRole>(), .. answer.Consul.IsServer
            ? [NodeRole.ConsulServer] : Array.Empty<NodeRole>()];
        return new NodeFile
        {
            ClusterId = answer.ClusterId, Incarnation = Math.Max(1, answer.Version.Incarnation), Term = answer.Version.Term,
                Version = answer.Version.Number,
            NodeId = attempt.NodeId, NodeName = machine.Name, AdvertiseAddress = machine.Advertise, Roles = [.. roles],
            ManagerAddresses = [.. answer.Managers.Select(manager => manager.Address)], DockerSocket = machine.DockerSocket,
            PortRangeFirst = machine.PortRangeFirst, PortRangeLast = machine.PortRangeLast,
            Consul = new NodeConsulSettings { TokenFile = ConsulFiles.AgentToken(_paths), Datacenter = answer.Consul.Datacenter },
        };
    }

    // Over mTLS, with the certificate that was just issued.
    private async Task FetchClusterKeyAsync(NodeFile node, TrustBundle trust, CancellationToken cancellationToken)
    {
        using var identity = await CertificateWithKey.TryLoadAsync(_paths.ManagerCertificate, cancellationToken)
            ?? throw new BootstrapException(BootstrapException.Failed, "the manager's certificate could not be read back");
        using var calls = new ManagerCalls(node.ClusterId, trust, identity, time);
        var client = new Enrollment.EnrollmentClient(calls.Open(managerAddress).CreateCallInvoker());
        try
        {
            var secrets = await client.ManagerSecretsAsync(new ManagerSecretsRequest(), calls.Options(cancellationToken));
            await ClusterKey.FromBytes(secrets.ClusterKey.Span).SaveAsync(_paths.ClusterKey, cancellationToken);
        }
        catch (RpcException error)
        {
            throw JoinErrors.Translate(error, managerAddress);
        }
    }

    private async Task StartAndWaitAsync(NodeFile node, TrustBundle trust, CancellationToken cancellationToken)
    {
        report.Step("starting this machine's processes");
        await HostRoles.StartAsync(_paths, StartLimit, time, cancellationToken);
        using var identity = await CertificateWithKey.TryLoadAsync(_paths.NodeCertificate, cancellationToken)
            ?? throw new BootstrapException(BootstrapException.Failed, $"{_paths.NodeCertificate} is missing or damaged");
        using var calls = new ManagerCalls(node.ClusterId, trust, identity, time);
        await calls.WaitForNodeAsync(managerAddress, node.NodeName, ReadyLimit, cancellationToken);
        if (node.Roles.Contains(NodeRole.ConsulServer) && node.IsManager) await WaitForVoteAsync(node, cancellationToken);
    }

    // Before it votes, the loss of another server would cost the quorum: the join is not done.
    private async Task WaitForVoteAsync(NodeFile node, CancellationToken cancellationToken)
    {
        report.Step("waiting until this machine's Consul server votes");
        var token = (await File.ReadAllTextAsync(_paths.ManagerConsulToken, cancellationToken)).Trim();
        using var consul = new ConsulClient(new ConsulClientOptions { Address = new Uri(node.Consul.HttpAddress), Token = () => token });
        var request = new ReadinessRequest { Voters = [node.NodeName], Timeout = ReadyLimit };
        var ready = await ConsulReadiness.WaitAsync(consul, request, cancellationToken);
        if (!ready.IsReady)
            throw new BootstrapException(BootstrapException.Failed, $"this machine's Consul server does not vote: {ready.Reason}");
    }
}
