// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>An answer that is read while the engine still sends it. For one reader; disposing ends the connection.</summary>
internal sealed class EngineStream : IAsyncDisposable
{
    private readonly DockerTransport _transport;
    private readonly DockerCall _call;
    private readonly HttpResponseMessage _response;
    private readonly Stream _stream;
    private readonly TimeSpan? _idle;
    private readonly TimeProvider _time;

    /// <summary>Takes over an answer.</summary>
    public EngineStream(
        DockerTransport transport, DockerCall call, HttpResponseMessage response, Stream stream, TimeSpan? idle, TimeProvider time)
    {
        _transport = transport;
        _call = call;
        _response = response;
        _stream = stream;
        _idle = idle;
        _time = time;
    }

    /// <summary>Reads what is there, waiting for at least one byte.</summary>
    /// <returns>The number of bytes; 0 at the end.</returns>
    /// <exception cref="DockerException">The connection broke, or nothing came for the idle time.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var limit = _idle ?? Timeout.InfiniteTimeSpan;
        using var deadline = new CancellationTokenSource(limit, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await _stream.ReadAsync(buffer, linked.Token);
        }
        catch (Exception exception) when (_transport.Translate(exception, _call, limit, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _response.Dispose();
    }
}
