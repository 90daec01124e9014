// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Processes;
using ClusterManager.Hosting.Security;

namespace ClusterManager.Cli.Bootstrap;

/// <summary>
/// Lets this machine's processes run the programs that lie beside this one, one process after the other, each waited for: a newer version,
/// or an older one to go back. Consul is left alone, and so is every container.
/// </summary>
internal sealed class HostUpgrade(ClusterPaths paths, IBootstrapReport report, TimeProvider time)
{
    private const int ManagerPort = 7443;
    private static readonly TimeSpan RestartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(90);

    // A manager first: it speaks to agents one version older, while an older manager need not know what a newer agent says.
    private static readonly string[] Order = ["manager", "agent"];

    /// <summary>Runs all steps; what runs the right program already is left alone.</summary>
    /// <returns>How many processes were replaced.</returns>
    /// <exception cref="BootstrapException">One did not come back; those after it still run what they ran.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var node = (await NodeFile.At(paths).ReadAsync(cancellationToken)).Value
            ?? throw new BootstrapException(BootstrapException.Failed, $"this machine is in no cluster: {paths.Root} has no node");
        await PointAtOwnProgramsAsync(cancellationToken);
        var keeper = HostRoles.Keeper(paths, time);
        if (keeper.Own is not { IsRunning: true } own || !RunningProgram.Runs(own.Pid!.Value, HostRoles.Program("cluster")))
            await RenewAsync(keeper, cancellationToken);
        var replaced = 0;
        foreach (var role in Order)
        {
            var status = (await keeper.StatusAsync(cancellationToken)).FirstOrDefault(r => r.Name == role);
            if (status?.Pid is not { } pid || RunningProgram.Runs(pid, HostRoles.Program($"cluster-{role}"))) continue;
            await ReplaceAsync(keeper, status, node, cancellationToken);
            replaced++;
        }

        return replaced;
    }

    private async Task PointAtOwnProgramsAsync(CancellationToken cancellationToken)
    {
        var (file, problem) = await HostFile.ReadAsync(paths, cancellationToken);
        if (file is null)
            throw new BootstrapException(BootstrapException.Failed, $"{paths.RunDirectory}/host.json: {problem ?? "it is missing"}");
        await HostRoles.WithOwnPrograms(file).WriteAsync(paths, cancellationToken);
    }

    private async Task RenewAsync(IHostKeeper keeper, CancellationToken cancellationToken)
    {
        report.Step(keeper.Own is null ? "letting systemd read the units again" : "replacing the supervisor; what it keeps runs on");
        if (!await keeper.RenewAsync(RestartLimit, cancellationToken))
            throw new BootstrapException(BootstrapException.Failed, $"{keeper.Name} is not renewed; all else runs on: cluster host start");
    }

    private async Task ReplaceAsync(IHostKeeper keeper, HostRoleStatus role, NodeFile node, CancellationToken cancellationToken)
    {
        var old = await RunningProgram.VersionAsync(role, cancellationToken);
        report.Step($"{role.Name}: {old ?? "unknown version"} to {ProgramVersion.Own}");
        if (!await keeper.RestartAsync(role.Name, RestartLimit, cancellationToken))
            throw new BootstrapException(BootstrapException.Failed,
                $"the {role.Name} did not start within {RestartLimit.TotalSeconds:0} s; its log is in {paths.LogDirectory}");
        using var identity = await CertificateWithKey.TryLoadAsync(paths.NodeCertificate, cancellationToken)
            ?? throw new BootstrapException(BootstrapException.Failed, $"{paths.NodeCertificate} is missing or damaged");
        var trust = TrustBundle.Parse(await File.ReadAllTextAsync(paths.TrustedRoots, cancellationToken));
        using var calls = new ManagerCalls(node.ClusterId, trust, identity, time);
        var own = new System.Net.IPEndPoint(System.Net.IPAddress.Parse(node.AdvertiseAddress), ManagerPort).ToString();
        // A manager that was replaced must answer itself; of an agent any manager may tell.
        string[] ask = role.Name == "manager" ? [own] : [.. node.ManagerAddresses];
        var version = role.Name == "agent" ? ProgramVersion.Own : null;
        await calls.WaitForNodeAsync(ask, node.NodeName, version, ReadyLimit, cancellationToken);
    }
}
