// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace ClusterManager.Shared.Tests.Consul;

/// <summary>Ports on loopback that nobody listens on, for TCP and UDP, each given out once per process.</summary>
internal static class FreePorts
{
    // Below the range that outgoing connections take theirs from (32768 and up by default), or one of those could come between.
    private const int First = 21000;
    private const int Last = 31000;
    private static readonly Lock Gate = new();
    private static int _next = First + (Environment.ProcessId * 97 % (Last - First));

    public static int[] Take(int count)
    {
        var ports = new List<int>(count);
        lock (Gate)
        {
            for (var tries = 0; ports.Count < count; tries++)
            {
                Assert.True(tries < Last - First, "no free port on loopback");
                _next = _next >= Last ? First : _next + 1;
                if (IsFree(_next))
                    ports.Add(_next);
            }
        }

        return [.. ports];
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
