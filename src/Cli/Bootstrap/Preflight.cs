// SPDX-License-Identifier: Apache-2.0
using System.Net;
using ClusterManager.Cli.Bootstrap.Checks;
using ClusterManager.Consul.Provisioning;
using ClusterManager.Hosting.Files;
using ClusterManager.Model;

namespace ClusterManager.Cli.Bootstrap;

/// <summary>What must hold before anything is changed on a machine; everything that does not is said at once.</summary>
internal static class Preflight
{
    /// <summary>Ports of the programs of every role, TCP.</summary>
    public static readonly int[] AllPorts = [7443, 8300, 8301, 8500, 8600];

    /// <summary>Checks the machine; what does not block is told as a notice.</summary>
    /// <param name="machine">What is asked.</param>
    /// <param name="ports">TCP ports that our processes will listen on; empty when they run already.</param>
    /// <param name="report">Where notices go.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Consul's binary and version.</returns>
    /// <exception cref="BootstrapException">All that is wrong, one line each.</exception>
    public static async Task<(string Consul, ConsulVersion Version)> CheckAsync(
        MachineOptions machine, IReadOnlyList<int> ports, IBootstrapReport report, CancellationToken cancellationToken)
    {
        var bad = BadOptions(machine).ToList();
        if (bad.Count > 0) throw new BootstrapException(BootstrapException.BadInput, string.Join('\n', bad));
        var (findings, consul) = await FindAsync(machine, ports, cancellationToken);
        foreach (var notice in findings.Where(finding => !finding.Blocks)) report.Step($"notice: {notice}");
        var problems = findings.Where(finding => finding.Blocks).ToList();
        if (problems.Count > 0) throw new BootstrapException(BootstrapException.Failed, string.Join('\n', problems));
        return (consul.Path!, consul.Version);
    }

    /// <summary>All findings about the machine, changing nothing.</summary>
    public static async Task<(IReadOnlyList<Finding> Findings, ConsulCheck Consul)> FindAsync(
        MachineOptions machine, IReadOnlyList<int> ports, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        if (!Environment.IsPrivilegedProcess) findings.Add(new Finding("user", "this command sets up the machine: run it as root"));
        if (await DockerCheck.RunAsync(machine.DockerSocket, cancellationToken) is { } docker) findings.Add(docker);
        var consul = await ConsulCheck.RunAsync(machine.ConsulBinary, cancellationToken);
        if (consul.Problem is not null) findings.Add(consul.Problem);
        if (await ForeignConsulCheck.RunAsync(ports, cancellationToken) is { } foreign) findings.Add(foreign);
        findings.AddRange(PortCheck.Run(ports));
        findings.AddRange(MachineCheck.Run(ClusterPaths.Resolve(machine.DataDirectory).Root));
        return (findings, consul);
    }

    private static IEnumerable<string> BadOptions(MachineOptions machine)
    {
        if (!DnsLabel.IsValid(machine.Name)) yield return $"--name '{machine.Name}': {DnsLabel.Allowed}";
        if (!IPAddress.TryParse(machine.Advertise, out _))
            yield return $"--advertise '{machine.Advertise}': an IP address by which the other machines reach this one";
        if (machine.PortRangeFirst < 1024 || machine.PortRangeLast > 65535 || machine.PortRangeFirst > machine.PortRangeLast)
            yield return $"--port-range '{machine.PortRangeFirst}-{machine.PortRangeLast}': two ports from 1024 to 65535, smaller first";
    }
}
