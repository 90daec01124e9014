// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Text;

namespace ClusterManager.Agent.Tests.Docker;

/// <summary>
/// HTTP reduced to what a fake engine and a fake registry need: one request per connection, and the handler writes the answer byte by byte,
/// so that it can also stop in the middle of it.
/// </summary>
internal sealed class TinyHttpServer : IAsyncDisposable
{
    private const int HeadBytesMax = 64 * 1024;
    private const byte TlsHandshake = 0x16;

    private readonly Socket _listener;
    private readonly Func<TinyRequest, Stream, CancellationToken, Task> _handler;
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;

    /// <summary>Serves on a socket that listens already; owns it from now on.</summary>
    public TinyHttpServer(Socket listener, Func<TinyRequest, Stream, CancellationToken, Task> handler)
    {
        _listener = listener;
        _handler = handler;
        _accepting = AcceptAsync();
    }

    /// <summary>Serves at a unix socket.</summary>
    public static TinyHttpServer AtUnixSocket(string path, Func<TinyRequest, Stream, CancellationToken, Task> handler)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        return new TinyHttpServer(socket, handler);
    }

    /// <summary>Writes a whole answer.</summary>
    public static async Task AnswerAsync(Stream stream, int status, string body, CancellationToken cancellationToken,
        params string[] headers)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        await BeginAsync(stream, status, cancellationToken, [.. headers, $"Content-Length: {bytes.Length}"]);
        await stream.WriteAsync(bytes, cancellationToken);
    }

    /// <summary>Writes the head of an answer that ends with the connection.</summary>
    public static async Task BeginAsync(Stream stream, int status, CancellationToken cancellationToken, params string[] headers)
    {
        var head = $"HTTP/1.1 {status} Status\r\nConnection: close\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _connections.Add(ServeAsync(await _listener.AcceptAsync(_end.Token)));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        await using var stream = new NetworkStream(connection, ownsSocket: true);
        try
        {
            if (await ReadAsync(stream) is { } request)
                await _handler(request, stream, _end.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client went away, or the test ended.
        }
    }

    private async Task<TinyRequest?> ReadAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (head.Count < 4 || !head[^4..].SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (head.Count > HeadBytesMax || await stream.ReadAsync(one, _end.Token) == 0)
                return null;
            if (head.Count == 0 && one[0] == TlsHandshake)
            {
                // Engines try TLS first; an answer in plain text sends them on at once.
                await AnswerAsync(stream, 400, "", _end.Token);
                return null;
            }
            head.Add(one[0]);
        }
        var lines = Encoding.ASCII.GetString([.. head]).TrimEnd().Split("\r\n");
        var headers = lines[1..].Select(line => line.Split(": ", 2))
            .GroupBy(parts => parts[0], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => string.Join(", ", group.Select(parts => parts[1])),
                StringComparer.OrdinalIgnoreCase);
        var body = new byte[int.Parse(headers.GetValueOrDefault("Content-Length", "0"))];
        await stream.ReadExactlyAsync(body, _end.Token);
        var start = lines[0].Split(' ');
        return new TinyRequest(start[0], start[1], headers, body);
    }
}
