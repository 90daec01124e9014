// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using ClusterManager.Hosting.Concurrency;

namespace ClusterManager.Shared.Tests;

/// <summary>Listens on a port of its own on loopback and serves each connection in a task of its own, until it is disposed.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly OwnedTasks _tasks = new(CancellationToken.None);
    private readonly Func<TcpClient, CancellationToken, Task> _serve;

    /// <param name="serve">Owns the connection it is given, and ends when its token is cancelled.</param>
    public LoopbackServer(Func<TcpClient, CancellationToken, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _tasks.TryStart(AcceptAsync);
    }

    /// <summary><c>host:port</c>.</summary>
    public string Address => _listener.LocalEndpoint.ToString()!;

    public async ValueTask DisposeAsync()
    {
        _tasks.Stop();
        _listener.Stop();
        await _tasks.WhenEndedAsync();
        _tasks.Dispose();
        _listener.Dispose();
    }

    private async Task AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(cancellationToken);
            _tasks.TryStart(stopping => _serve(client, stopping));
        }
    }
}
