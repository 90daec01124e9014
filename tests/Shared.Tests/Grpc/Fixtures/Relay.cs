// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace ClusterManager.Shared.Tests.Grpc.Fixtures;

/// <summary>A TCP relay before a server, whose connections can be cut or frozen.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _target;
    private readonly ByteCounts _counts;
    private readonly List<TcpClient> _connections = [];
    private readonly List<Task> _pumps = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly Task _accepting;
    private volatile bool _frozen;

    private Relay(IPEndPoint target, ByteCounts? counts)
    {
        _target = target;
        _counts = counts ?? new ByteCounts();
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    public static Relay Start(Uri server, ByteCounts? counts = null) => new(IPEndPoint.Parse(server.Authority), counts);

    /// <summary>Closes all connections with a reset; new ones are taken.</summary>
    public void CutAll()
    {
        lock (_lock)
        {
            foreach (var connection in _connections)
            {
                // Null once a pump has closed it.
                connection.Client?.LingerState = new LingerOption(true, 0);
                connection.Close();
            }

            _connections.Clear();
        }
    }

    /// <summary>From now on nothing passes, but connections stay open: a machine that lost its power.</summary>
    public void Freeze() => _frozen = true;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        CutAll();
        await _accepting;
        await Task.WhenAll(_pumps);
        _stopping.Dispose();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                var server = new TcpClient();
                await server.ConnectAsync(_target, _stopping.Token);
                lock (_lock)
                    _connections.AddRange([client, server]);
                _pumps.AddRange(
                    [
                        PumpAsync(client, server, count => Interlocked.Add(ref _counts.ToServer, count)),
                        PumpAsync(server, client, count => Interlocked.Add(ref _counts.ToClient, count)),
                    ]);
            }
        }
        catch (Exception ex) when (ex is OperationCanceledException or SocketException)
        {
            // Stopped.
        }
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, Action<int> onBytes)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            int count;
            while ((count = await from.GetStream().ReadAsync(buffer, _stopping.Token)) > 0)
            {
                onBytes(count);
                if (!_frozen)
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _stopping.Token);
            }

            to.Close();
        }
        catch (Exception ex) when (ex is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // Cut.
        }
    }
}

/// <summary>How many bytes have passed a relay.</summary>
internal sealed class ByteCounts
{
    public long ToServer;
    public long ToClient;
}
