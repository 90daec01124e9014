// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ClusterManager.Cli.Bootstrap;
using ClusterManager.Cli.Output;
using ClusterManager.Hosting.Files;
using ClusterManager.Model;

namespace ClusterManager.Cli.Commands;

/// <summary>The options of <c>init</c> and <c>join</c> about the machine they run on.</summary>
internal sealed class MachineFlags
{
    private readonly Option<string?> _name = new(
        "--name") { Description = "Name of this node, a DNS label (default: the host name)", HelpName = "NAME" };
    private readonly Option<string?> _advertise = new(
        "--advertise") { Description = "IP address by which the other machines reach this one (default: of the default route)",
        HelpName = "IP" };
    private readonly Option<string?> _socket = new(
        "--docker-socket") { Description = "Docker Engine's socket (default /var/run/docker.sock)", HelpName = "PATH" };
    private readonly Option<string?> _consul = new(
        "--consul-bin", "--consul") { Description = "Consul's program (CONSUL_BIN, else from PATH)", HelpName = "PATH" };
    private readonly Option<string[]> _labels = new(
        "--label") { Description = "Label of this node, may be repeated", HelpName = "KEY=VALUE", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> _ports = new(
        "--port-range") { Description = "Ports for services that name none (default 20000-29999)", HelpName = "FIRST-LAST" };

    /// <summary>Where everything of this machine is kept; also an option of <c>host</c>.</summary>
    public Option<string?> DataDirectory { get; } = MakeDataDirectory();

    /// <summary>The option <c>--data-dir</c>.</summary>
    public static Option<string?> MakeDataDirectory() =>
        new("--data-dir") { Description = "Where this machine's part is kept (CLUSTER_HOME, else /var/lib/cluster)", HelpName = "DIR" };

    /// <summary>Adds all of them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _name, _advertise, DataDirectory, _socket, _consul, _labels, _ports }) command.Add(option);
    }

    /// <summary>Reads them.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="environment">Its surroundings.</param>
    /// <param name="needsAddress">False: without a default route the address is empty.</param>
    /// <exception cref="CliException">One is not understood, or has no default here.</exception>
    public MachineOptions Read(ParseResult parse, CliEnvironment environment, bool needsAddress = true)
    {
        var (first, last) = Range(parse.GetValue(_ports));
        return new MachineOptions
        {
            Name = parse.GetValue(_name) ?? HostName(),
            Advertise = parse.GetValue(_advertise) ?? DefaultAddress() ?? (needsAddress ? throw new CliException(
                ExitCode.BadInput,
                "this machine has no default route: name the address by which the others reach it with --advertise IP") : ""),
            DataDirectory = parse.GetValue(DataDirectory) ?? environment.Variable("CLUSTER_HOME"),
            DockerSocket = parse.GetValue(_socket) ?? "/var/run/docker.sock",
            ConsulBinary = parse.GetValue(_consul),
            Labels = Labels(parse.GetValue(_labels) ?? []),
            PortRangeFirst = first,
            PortRangeLast = last,
        };
    }

    /// <summary>A machine that is a node already, as its disk says it is; <c>--advertise</c> and the sockets' paths may be new.</summary>
    public MachineOptions ReadOver(MachineOptions known, ParseResult parse) => known with
    {
        Advertise = parse.GetValue(_advertise) ?? known.Advertise,
        DockerSocket = parse.GetValue(_socket) ?? known.DockerSocket,
        ConsulBinary = parse.GetValue(_consul) ?? known.ConsulBinary,
    };

    /// <summary>The data directory, and the Consul program if one was named.</summary>
    public (ClusterPaths Paths, string? Consul) Places(ParseResult parse, CliEnvironment environment) =>
        (ClusterPaths.Resolve(parse.GetValue(DataDirectory) ?? environment.Variable("CLUSTER_HOME")), parse.GetValue(_consul));

    // web-1.example.org is "web-1"; a host name may have capitals, a label may not.
    private static string HostName() => Dns.GetHostName().Split('.')[0].ToLowerInvariant();

    // Connecting a datagram socket sends nothing; it only asks the kernel which address it would use.
    private static string? DefaultAddress()
    {
        try
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            probe.Connect(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 9));
            return ((IPEndPoint)probe.LocalEndPoint!).Address.ToString();
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static ImmutableSortedDictionary<string, string> Labels(IReadOnlyList<string> texts)
    {
        var wrong = texts.FirstOrDefault(t => t.IndexOf('=', StringComparison.Ordinal) <= 0);
        if (wrong is not null) throw new CliException(ExitCode.BadInput, $"--label: '{wrong}' is not understood: KEY=VALUE is");
        return Maps.Of(texts.Select(t => t.Split('=', 2)).Select(p => new KeyValuePair<string, string>(p[0], p[1])));
    }

    private static (int First, int Last) Range(string? text)
    {
        if (text is null) return (20000, 29999);
        var parts = text.Split('-');
        if (parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)) return (first, last);
        throw new CliException(ExitCode.BadInput, $"--port-range: '{text}' is not understood: FIRST-LAST is, for example 20000-29999");
    }
}
