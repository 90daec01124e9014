// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Processes;
using ClusterManager.Hosting.Security;
using ClusterManager.Wire.V1;
using Grpc.Core;
using NodeRole = ClusterManager.Hosting.Files.NodeRole;

namespace ClusterManager.Cli.Bootstrap;

/// <summary>
/// This node believes a new life of the cluster's state: its certificate is renewed by the restored managers, its Consul agent becomes a
/// client of their Consul, its agent dials them. No container is touched, before or after.
/// </summary>
internal sealed class IncarnationConfirm(KnownMachine machine, ClusterPaths paths, IBootstrapReport report, TimeProvider time)
{
    private static readonly TimeSpan RestartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(60);

    /// <summary>Runs all steps; each can be repeated.</summary>
    /// <param name="incarnation">The number that the operator read in the managers' status.</param>
    /// <param name="addresses">Managers to ask, in turn.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BootstrapException">No manager answers, or they are at another number; nothing was changed then.</exception>
    public async Task RunAsync(long incarnation, IReadOnlyList<string> addresses, CancellationToken cancellationToken)
    {
        var trust = TrustBundle.Parse(await File.ReadAllTextAsync(paths.TrustedRoots, cancellationToken));
        using var csr = new SigningRequest();
        var (address, answer) = await AskAsync(trust, csr, addresses, cancellationToken);
        if (answer.Version.Incarnation != incarnation)
            throw new BootstrapException(
                BootstrapException.Conflict,
                $"the managers at {address} are at incarnation {answer.Version.Incarnation}, not {incarnation}: nothing was changed");
        report.Step($"the managers at {address} are at incarnation {incarnation}: this machine follows them");
        await TakeAsync(csr, answer, incarnation, cancellationToken);
        await RestartAsync(cancellationToken);
        using var identity = await CertificateWithKey.TryLoadAsync(paths.NodeCertificate, cancellationToken);
        using var calls = new ManagerCalls(machine.Node.ClusterId, trust, identity, time);
        await calls.WaitForNodeAsync(address, machine.Node.NodeName, ReadyLimit, cancellationToken);
    }

    private async Task<(string Address, RenewResponse Answer)> AskAsync(
        TrustBundle trust, SigningRequest csr, IReadOnlyList<string> addresses, CancellationToken cancellationToken)
    {
        using var identity = await CertificateWithKey.TryLoadAsync(paths.NodeCertificate, cancellationToken)
            ?? throw new BootstrapException(BootstrapException.Failed, $"{paths.NodeCertificate} is missing or damaged");
        using var calls = new ManagerCalls(machine.Node.ClusterId, trust, identity, time);
        var request = new RenewRequest { NodeId = machine.Node.NodeId, CsrPem = csr.Pem, WithConsul = true };
        var problems = new List<string>();
        foreach (var address in addresses)
        {
            try
            {
                var client = new Enrollment.EnrollmentClient(calls.Open(address).CreateCallInvoker());
                return (address, await client.RenewAsync(request, calls.Options(cancellationToken)));
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.PermissionDenied)
            {
                throw new BootstrapException(
                    BootstrapException.NotPermitted, $"the managers at {address} do not know this node (it joined after their backup): "
                    + $"make a token there and run: cluster join {address} --token CMT-… --keep");
            }
            catch (RpcException error) when (error.StatusCode != StatusCode.Cancelled || !cancellationToken.IsCancellationRequested)
            {
                problems.Add($"{address}: {error.Status.Detail}");
            }
        }

        throw new BootstrapException(
            BootstrapException.NoManager,
            $"no restored manager answers: name one with --address ADDRESS. Nothing was changed.\n{string.Join('\n', problems)}");
    }

    private async Task TakeAsync(SigningRequest csr, RenewResponse answer, long incarnation, CancellationToken cancellationToken)
    {
        var node = machine.Node;
        using var pair = csr.TryComplete(answer.CertificatePem)
            ?? throw new BootstrapException(BootstrapException.Failed, "the new certificate does not belong to this machine's request");
        // Once done it is not done again: the Consul agent may be a server of the new Consul by now.
        if (node.Incarnation < incarnation && !node.Consul.IsExternal)
        {
            await StopConsulAsync(cancellationToken);
            machine.SetAside(incarnation);
            await machine.WriteConsulAsync(answer.Consul, cancellationToken);
            node = node with { Roles = answer.Consul.IsServer ? node.Roles : node.Roles.Remove(NodeRole.ConsulServer) };
        }

        await pair.SaveAsync(paths.NodeCertificate, cancellationToken);
        if (answer.ManagerCertificatePem.Length > 0 && csr.TryComplete(answer.ManagerCertificatePem) is { } manager)
            await manager.SaveAsync(paths.ManagerCertificate, cancellationToken);
        await KnownMachine.ConfirmAsync(paths, incarnation, cancellationToken);
        var managers = answer.Managers.Select(one => one.Address).Where(one => one.Length > 0).ToArray();
        await NodeFile.At(paths).WriteAsync(
            node with
            {
                Incarnation = incarnation, Term = 0, Version = 0,
                ManagerAddresses = managers.Length > 0 ? [.. managers] : node.ManagerAddresses,
            },
            cancellationToken);
    }

    private Task<bool> StopConsulAsync(CancellationToken cancellationToken) =>
        HostRoles.Keeper(paths, time).StopAsync("consul", RestartLimit, cancellationToken);

    private async Task RestartAsync(CancellationToken cancellationToken)
    {
        report.Step("starting this machine's processes; containers run on");
        var keeper = HostRoles.Keeper(paths, time);
        var isUp = await keeper.StartAllAsync(RestartLimit, cancellationToken)
            && await keeper.StartAsync("consul", RestartLimit, cancellationToken);
        foreach (var role in (await keeper.StatusAsync(cancellationToken)).Select(status => status.Name).Where(name => name != "consul"))
            isUp = isUp && await keeper.RestartAsync(role, RestartLimit, cancellationToken);
        if (!isUp) throw new BootstrapException(BootstrapException.Failed, "this machine's processes do not start: cluster host status");
    }
}
