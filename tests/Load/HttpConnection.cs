// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClusterManager.Load;

/// <summary>
/// One HTTP/1.1 connection, for one request at a time. By hand, since the client of the runtime retries by itself and does not tell.
/// </summary>
public sealed class HttpConnection : IDisposable
{
    private const int AnswerBytesMax = 64 * 1024;
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[AnswerBytesMax];

    private HttpConnection(IPEndPoint endpoint) => Endpoint = endpoint;

    /// <summary>Where it leads.</summary>
    public IPEndPoint Endpoint { get; }

    /// <summary>Requests that were answered on it.</summary>
    public int Answered { get; private set; }

    /// <summary>Some byte of the last request's answer has come.</summary>
    public bool HasAnswerBegun { get; private set; }

    /// <summary>Nobody closed it, and nothing is there to be read, so that the next request may be sent on it.</summary>
    public bool IsUsable => !_socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Connects.</summary>
    /// <exception cref="SocketException">Nobody answers there.</exception>
    public static async Task<HttpConnection> OpenAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        var connection = new HttpConnection(endpoint);
        try
        {
            await connection._socket.ConnectAsync(endpoint, cancellationToken);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Sends one GET and reads the whole answer.</summary>
    /// <exception cref="SocketException">The connection broke.</exception>
    /// <exception cref="EndOfStreamException">It was closed before the answer's end.</exception>
    /// <exception cref="InvalidDataException">What came is no answer.</exception>
    public async Task<HttpAnswer> GetAsync(string path, CancellationToken cancellationToken)
    {
        HasAnswerBegun = false;
        var request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {Endpoint}\r\nUser-Agent: load\r\n\r\n");
        for (var sent = 0; sent < request.Length;) sent += await _socket.SendAsync(request.AsMemory(sent), cancellationToken);
        var filled = 0;
        while (true)
        {
            if (HttpAnswer.TryRead(_buffer.AsSpan(0, filled), isEnd: false) is { } answer)
            {
                Answered++;
                return answer;
            }

            if (filled == _buffer.Length) throw new InvalidDataException("the answer is too long");
            var got = await _socket.ReceiveAsync(_buffer.AsMemory(filled), cancellationToken);
            if (got == 0)
                return HttpAnswer.TryRead(_buffer.AsSpan(0, filled), isEnd: true) ?? throw new EndOfStreamException();
            HasAnswerBegun = true;
            filled += got;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
