// SPDX-License-Identifier: Apache-2.0
namespace Grpc.Core;

/// <summary>A running call with a stream each way. Dispose it unless the responses were read to their end.</summary>
/// <param name="requestStream">Where requests are written.</param>
/// <param name="responseStream">The responses.</param>
/// <param name="responseHeadersAsync">The headers of the response.</param>
/// <param name="getStatusFunc">The status once the call ended.</param>
/// <param name="getTrailersFunc">The trailers once the call ended.</param>
/// <param name="disposeAction">Cancels the call if it runs.</param>
public sealed class AsyncDuplexStreamingCall<TRequest, TResponse>(
    IClientStreamWriter<TRequest> requestStream,
    IAsyncStreamReader<TResponse> responseStream,
    Task<Metadata> responseHeadersAsync,
    Func<Status> getStatusFunc,
    Func<Metadata> getTrailersFunc,
    Action disposeAction) : IDisposable
{
    /// <summary>Where requests are written.</summary>
    public IClientStreamWriter<TRequest> RequestStream { get; } = requestStream;

    /// <summary>The responses.</summary>
    public IAsyncStreamReader<TResponse> ResponseStream { get; } = responseStream;

    /// <summary>The headers of the response; ready before the first response.</summary>
    public Task<Metadata> ResponseHeadersAsync { get; } = responseHeadersAsync;

    /// <summary>The status; throws <see cref="InvalidOperationException"/> while the call runs.</summary>
    public Status GetStatus() => getStatusFunc();

    /// <summary>The trailers; throws <see cref="InvalidOperationException"/> while the call runs.</summary>
    public Metadata GetTrailers() => getTrailersFunc();

    /// <summary>Cancels the call if it runs.</summary>
    public void Dispose() => disposeAction();
}
