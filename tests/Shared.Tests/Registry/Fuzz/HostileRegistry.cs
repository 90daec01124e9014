// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Text;

namespace ClusterManager.Shared.Tests.Registry.Fuzz;

/// <summary>
/// A server of hand-made HTTP. What is asked for the repository <c>good</c> is answered as it should be; anything else gets an answer drawn
/// from the next seed, now and then one without an end.
/// </summary>
internal sealed class HostileRegistry : IAsyncDisposable
{
    private const int EndlessBytes = 256 << 20;
    private readonly LoopbackServer _server;
    private int _seed;
    private long _mostSent;

    public HostileRegistry(int firstSeed)
    {
        _seed = firstSeed - 1;
        _server = new LoopbackServer(ServeAsync);
    }

    public string Address => _server.Address;

    public int LastSeed => Volatile.Read(ref _seed);

    /// <summary>The most bytes that one connection took.</summary>
    public long MostSent => Interlocked.Read(ref _mostSent);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(TcpClient client, CancellationToken cancellationToken)
    {
        using var owned = client;
        await using var closing = cancellationToken.Register(client.Dispose);
        try
        {
            var stream = client.GetStream();
            if (await ReadHeadAsync(stream, cancellationToken) is { } head) await AnswerAsync(stream, head, cancellationToken);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The client has had enough, or the test.
        }
    }

    private async Task AnswerAsync(NetworkStream stream, string head, CancellationToken cancellationToken)
    {
        if (head.Contains("/v2/good/", StringComparison.Ordinal))
        {
            var body = Manifests.OfImage();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"HTTP/1.1 200 OK\r\nContent-Type: {Manifests.Image}\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}"),
                cancellationToken);
            return;
        }

        var inputs = new RegistryInputs(Interlocked.Increment(ref _seed), $"http://{Address}/token");
        var kind = inputs.Next(40);
        if (kind > 1)
        {
            await stream.WriteAsync(inputs.Answer(), cancellationToken);
            return;
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            kind == 0 ? $"HTTP/1.1 200 OK\r\nContent-Type: {Manifests.Image}\r\n\r\n" : "HTTP/1.1 200 OK\r\n"), cancellationToken);
        await SendWithoutEndAsync(stream, "X-Filler: 0123456789\r\n"u8.ToArray(), cancellationToken);
    }

    private async Task SendWithoutEndAsync(NetworkStream stream, byte[] filler, CancellationToken cancellationToken)
    {
        var chunk = Enumerable.Repeat(filler, 1000).SelectMany(bytes => bytes).ToArray();
        for (var sent = 0L; sent < EndlessBytes; sent += chunk.Length)
        {
            await stream.WriteAsync(chunk, cancellationToken);
            if (sent > MostSent) Interlocked.Exchange(ref _mostSent, sent);
        }
    }

    private static async Task<string?> ReadHeadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        var chunk = new byte[4096];
        while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(chunk, cancellationToken);
            if (count == 0) return null;
            head.Append(Encoding.Latin1.GetString(chunk, 0, count));
        }

        return head.ToString();
    }
}
