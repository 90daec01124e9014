// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using ClusterManager.Shared.Tests.Grpc.Fixtures;

namespace ClusterManager.Shared.Tests.Grpc.Fuzz;

/// <summary>
/// A server of hand-made frames. Calls of ServerStream are answered as they should be; any other gets an answer drawn from the next seed,
/// which breaks rules of gRPC and, when asked for, of HTTP/2.
/// </summary>
internal sealed class HostileServer : IAsyncDisposable
{
    private readonly LoopbackServer _server;
    private readonly bool _breaksHttp;
    private int _seed;

    public HostileServer(int firstSeed, bool breaksHttp)
    {
        _seed = firstSeed - 1;
        _breaksHttp = breaksHttp;
        _server = new LoopbackServer(ServeAsync);
    }

    public Uri Address => new($"http://{_server.Address}");

    /// <summary>The seed of the last answer.</summary>
    public int LastSeed => Volatile.Read(ref _seed);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(TcpClient client, CancellationToken cancellationToken)
    {
        using var connection = new RawConnection(client);
        await using var closing = cancellationToken.Register(client.Dispose);
        try
        {
            await AnswerAsync(connection);
        }
        catch (TimeoutException)
        {
            // A connection that the client keeps for later: it is closed, as a server may.
        }
    }

    private async Task AnswerAsync(RawConnection connection)
    {
        if (!await connection.ReadPrefaceAsync()) return;
        await connection.SendAsync(RawFrames.PlainSettings);
        while (await connection.ReadAsync() is { } frame)
        {
            if (frame.Type != RawFrames.Headers) continue;
            // Their client writes header blocks without a dynamic table for paths, so that the path can be read as it stands.
            var isGood = frame.Payload.AsSpan().IndexOf("ServerStream"u8) >= 0;
            foreach (var answer in isGood ? HostileAnswer.Good(frame.Stream) : HostileAnswer.Draw(NextInputs(), frame.Stream, _breaksHttp))
            {
                if (!await connection.SendAsync(answer)) return;
            }
        }
    }

    private FuzzInputs NextInputs() => new(Interlocked.Increment(ref _seed));
}
