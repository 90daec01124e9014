// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace ClusterManager.Cli.Bootstrap.Checks;

/// <summary>The ports that our processes and Consul will listen on.</summary>
internal static class PortCheck
{
    private const int Gossip = 8301;

    /// <summary>Ports of this list that somebody has; gossip needs its port in UDP too.</summary>
    public static IEnumerable<Finding> Run(IReadOnlyList<int> ports)
    {
        foreach (var port in ports)
        {
            if (IsTaken(() => Listen(port))) yield return Taken("TCP", port);
            if (port == Gossip && IsTaken(() => new UdpClient(port, AddressFamily.InterNetwork))) yield return Taken("UDP", port);
        }
    }

    private static Finding Taken(string protocol, int port) => new(
        "ports", $"{protocol} port {port} is in use on this machine",
        $"stop what listens there ('ss -lpn{(protocol == "TCP" ? 't' : 'u')} sport = :{port}' names it)");

    private static TcpListener Listen(int port)
    {
        var probe = new TcpListener(IPAddress.Any, port);
        try
        {
            probe.Start();
            return probe;
        }
        catch
        {
            probe.Dispose();
            throw;
        }
    }

    private static bool IsTaken(Func<IDisposable> open)
    {
        try
        {
            open().Dispose();
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
