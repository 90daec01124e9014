// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;

namespace ClusterManager.Shared.Tests.Registry.Real;

/// <summary>Passes bytes on to a registry and back; of the answers only a beginning, then it calls and closes both connections.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly LoopbackServer _server;
    private readonly int _registryPort;
    private readonly int _bytesMax;
    private readonly Action _cut;

    public CuttingProxy(int registryPort, int bytesMax, Action cut)
    {
        (_registryPort, _bytesMax, _cut) = (registryPort, bytesMax, cut);
        _server = new LoopbackServer(PassAsync);
    }

    public string Name => _server.Address;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task PassAsync(TcpClient client, CancellationToken cancellationToken)
    {
        using var owned = client;
        using var registry = new TcpClient();
        try
        {
            await registry.ConnectAsync(IPAddress.Loopback, _registryPort, cancellationToken);
            var request = new byte[64 * 1024];
            var length = await client.GetStream().ReadAsync(request, cancellationToken);
            await registry.GetStream().WriteAsync(request.AsMemory(0, length), cancellationToken);
            var answer = new byte[_bytesMax];
            await registry.GetStream().ReadExactlyAsync(answer, cancellationToken);
            await client.GetStream().WriteAsync(answer, cancellationToken);
            _cut();
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
        {
            // The registry is gone: so is this connection.
        }
    }
}
