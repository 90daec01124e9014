// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ClusterManager.Consul.Provisioning;
using ClusterManager.Model;

namespace ClusterManager.Cli.Bootstrap;

/// <summary>What must hold before anything is changed on a machine; everything that does not is said at once.</summary>
internal static class Preflight
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Checks the machine.</summary>
    /// <param name="machine">What is asked.</param>
    /// <param name="ports">TCP ports that our processes will listen on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Consul's binary and version.</returns>
    /// <exception cref="BootstrapException">All that is wrong, one line each.</exception>
    public static async Task<(string Consul, ConsulVersion Version)> CheckAsync(
        MachineOptions machine, IReadOnlyList<int> ports, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        if (!DnsLabel.IsValid(machine.Name)) problems.Add($"--name '{machine.Name}': {DnsLabel.Allowed}");
        if (!IPAddress.TryParse(machine.Advertise,
            out _)) problems.Add($"--advertise '{machine.Advertise}': an IP address by which the other machines reach this one");
        if (machine.PortRangeFirst < 1024 || machine.PortRangeLast > 65535 || machine.PortRangeFirst > machine.PortRangeLast)
            problems.Add($"--port-range '{machine.PortRangeFirst}-{machine.PortRangeLast}': two ports from 1024 to 65535, smaller first");
        if (problems.Count > 0) throw new BootstrapException(BootstrapException.BadInput, string.Join('\n', problems));
        if (Environment.UserName != "root") problems.Add("this command sets up the machine: run it as root");
        if (await DockerProblemAsync(machine.DockerSocket, cancellationToken) is { } docker) problems.Add(docker);
        var (consul, version, problem) = await FindConsulAsync(machine.ConsulBinary, cancellationToken);
        if (problem is not null) problems.Add(problem);
        problems.AddRange(ports.Where(IsTaken).Select(port => $"TCP port {port} is in use on this machine"));
        if (problems.Count > 0) throw new BootstrapException(BootstrapException.Failed, string.Join('\n', problems));
        return (consul!, version);
    }

    private static async Task<string?> DockerProblemAsync(string socket, CancellationToken cancellationToken)
    {
        if (!File.Exists(socket))
            return $"Docker's socket {socket} does not exist: is Docker Engine installed and running? (--docker-socket names another)";
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Limit);
            using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), limit.Token);
            await connection.SendAsync("GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n"u8.ToArray(), limit.Token);
            var answer = new byte[64];
            var count = await connection.ReceiveAsync(answer, limit.Token);
            return Encoding.ASCII.GetString(answer, 0, count).Contains(" 200 ", StringComparison.Ordinal)
                ? null : $"Docker Engine at {socket} answers with an error";
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return $"Docker Engine does not answer at {socket}: {(error is SocketException ? error.Message : "no answer within 5 s")}";
        }
    }

    private static async Task<(string? Path, ConsulVersion Version, string? Problem)> FindConsulAsync(string? given,
        CancellationToken cancellationToken)
    {
        var fromEnvironment = Environment.GetEnvironmentVariable("CONSUL_BIN");
        var binary = given ?? (string.IsNullOrEmpty(fromEnvironment) ? "consul" : fromEnvironment);
        try
        {
            var start = new ProcessStartInfo(binary, ["version"]) { RedirectStandardOutput = true, RedirectStandardError = true,
                UseShellExecute = false };
            using var process = Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken).WaitAsync(Limit, cancellationToken);
            return (FullPath(binary), ConsulVersion.ParseSupported(output), null);
        }
        catch (Win32Exception)
        {
            return (null, default, $"Consul was not found as '{binary}': install it (1.8 or later) or name it with --consul-bin PATH");
        }
        catch (Exception error) when (error is UnsupportedConsulException or TimeoutException)
        {
            return (null, default, error.Message);
        }
    }

    // The supervisor starts it without this shell's PATH.
    private static string FullPath(string binary)
    {
        if (binary.Contains('/', StringComparison.Ordinal)) return Path.GetFullPath(binary);
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return folders.Select(folder => Path.Combine(folder, binary)).FirstOrDefault(File.Exists) ?? binary;
    }

    private static bool IsTaken(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Any, port);
            probe.Start();
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
