// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace ClusterManager.Hollow.Cluster;

/// <summary>Ports on loopback that nobody listens on, for TCP and UDP.</summary>
internal static class LoopbackPorts
{
    // Below the range that outgoing connections take theirs from (32768 and up by default), or one of those could come between.
    private const int First = 11000;
    private const int Last = 20000;

    /// <summary>So many different ports.</summary>
    public static int[] Take(int count)
    {
        var start = Environment.ProcessId * 61 % (Last - First);
        var candidates = Enumerable.Range(0, Last - First).Select(step => First + (start + step) % (Last - First));
        int[] ports = [.. candidates.Where(IsFree).Take(count)];
        return ports.Length == count ? ports : throw new InvalidOperationException("no free ports on loopback");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            tcp.Bind(new IPEndPoint(IPAddress.Loopback, port));
            udp.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
