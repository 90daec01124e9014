// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using ClusterManager.Agent.Node;

namespace ClusterManager.Agent.Tests.Allocations;

/// <summary>Callers' connections, in the kernel's words and in truth.</summary>
public sealed class OpenConnectionsTests
{
    private static readonly HashSet<int> Ports = [8080];

    [Fact]
    public void What_is_established_with_a_caller_counts_and_nothing_else()
    {
        string[] table =
        [
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
            "   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 101 1 0 100 0 0 10 0", // listens
            "   1: 02001EAC:1F90 01001EAC:D431 01 00000000:00000000 00:00000000 00000000     0        0 102 1 0 20 4 30 10 -1", // a caller
            "   2: 02001EAC:1F90 01001EAC:D432 06 00000000:00000000 03:00000176 00000000     0        0 0 3 0", // time wait
            "   3: 0100007F:1F90 0100007F:D433 01 00000000:00000000 00:00000000 00000000     0        0 103 1 0 20 4 30 10 -1", // itself
            "   4: 02001EAC:D434 0A00000A:1F90 01 00000000:00000000 00:00000000 00000000     0        0 104 1 0 20 4 30 10", // its own call
            "   5: 0000000000000000FFFF000002001EAC:1F90 0000000000000000FFFF000001001EAC:D435 01 0:0 00:0 0 0 0 105",
            "   6: 0000000000000000FFFF00000100007F:1F90 0000000000000000FFFF00000100007F:D436 01 0:0 00:0 0 0 0 106",
            "   7: 00000000000000000000000001000000:1F90 00000000000000000000000001000000:D437 01 0:0 00:0 0 0 0 107",
            "nonsense",
        ];
        Assert.Equal(2, OpenConnections.CountLines(table, Ports));
    }

    [Fact]
    public async Task A_process_that_is_gone_has_none_and_this_one_has_none_but_its_own()
    {
        Assert.Equal(0, OpenConnections.Count(int.MaxValue, Ports));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        Assert.Equal(0, OpenConnections.Count(Environment.ProcessId, new HashSet<int> { port }));
    }
}
