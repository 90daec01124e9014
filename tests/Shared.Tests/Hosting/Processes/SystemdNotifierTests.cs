// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Text;
using ClusterManager.Hosting.Processes;

namespace ClusterManager.Shared.Tests.Hosting.Processes;

public sealed class SystemdNotifierTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Notices_arrive_at_the_socket(bool isAbstract)
    {
        using var directory = new TestDirectory();
        // The abstract name space is one for the machine: a name of our own.
        var name = isAbstract ? "\0" + directory.Path : directory.File("notify");
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };
        systemd.Bind(new UnixDomainSocketEndPoint(name));
        var notifier = new SystemdNotifier(name.Replace('\0', '@'), "3000000");

        Assert.True(notifier.Ready());
        Assert.True(notifier.Watchdog());
        Assert.True(notifier.Stopping());

        Assert.Equal(["READY=1", "WATCHDOG=1", "STOPPING=1"], Enumerable.Range(0, 3).Select(_ => Receive(systemd)));
        Assert.Equal(TimeSpan.FromSeconds(1.5), notifier.WatchdogPeriod);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/no/such/socket")]
    public void Without_a_listener_nothing_happens(string? socket)
    {
        var notifier = new SystemdNotifier(socket, null);
        Assert.False(notifier.Ready());
        Assert.Null(notifier.WatchdogPeriod);
    }

    private static string Receive(Socket socket)
    {
        var buffer = new byte[100];
        return Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer));
    }
}
