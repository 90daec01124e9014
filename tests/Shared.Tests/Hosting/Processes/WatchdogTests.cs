// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Text;
using ClusterManager.Hosting.Processes;

namespace ClusterManager.Shared.Tests.Hosting.Processes;

public sealed class WatchdogTests
{
    [Fact]
    public async Task Nothing_is_told_while_the_work_gives_no_proof()
    {
        using var directory = new TestDirectory();
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 10_000 };
        systemd.Bind(new UnixDomainSocketEndPoint(directory.File("notify")));
        var proofs = new Queue<TaskCompletionSource>([new(), new(), new()]);
        var (first, second) = (proofs.Peek(), proofs.ElementAt(1));
        using var stop = new CancellationTokenSource();
        var watchdog = new Watchdog(
            new SystemdNotifier(directory.File("notify"), "20000"), token => proofs.Dequeue().Task.WaitAsync(token), TimeProvider.System);
        var running = watchdog.RunAsync(stop.Token);

        first.SetResult();
        Assert.Equal("WATCHDOG=1", Receive(systemd));
        await Until.TrueAsync(() => proofs.Count == 1, "the second proof is asked for");
        Assert.Equal(0, systemd.Available);
        second.SetResult();
        Assert.Equal("WATCHDOG=1", Receive(systemd));

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task Without_a_watchdog_no_proof_is_asked_for()
    {
        var watchdog = new Watchdog(new SystemdNotifier(null, null), _ => throw new InvalidOperationException(), TimeProvider.System);
        await watchdog.RunAsync(CancellationToken.None);
    }

    private static string Receive(Socket socket)
    {
        var buffer = new byte[100];
        return Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer));
    }
}
