// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace Grpc.Core;

/// <summary>A running call with one request and one response. Awaiting it gives the response.</summary>
/// <param name="responseAsync">The response, or an <see cref="RpcException"/>.</param>
/// <param name="responseHeadersAsync">The headers of the response.</param>
/// <param name="getStatusFunc">The status once the call ended.</param>
/// <param name="getTrailersFunc">The trailers once the call ended.</param>
/// <param name="disposeAction">Cancels the call if it runs.</param>
public sealed class AsyncUnaryCall<TResponse>(
    Task<TResponse> responseAsync,
    Task<Metadata> responseHeadersAsync,
    Func<Status> getStatusFunc,
    Func<Metadata> getTrailersFunc,
    Action disposeAction) : IDisposable
{
    /// <summary>The response, or an <see cref="RpcException"/>.</summary>
    public Task<TResponse> ResponseAsync { get; } = responseAsync;

    /// <summary>The headers of the response; may be ready before the response is.</summary>
    public Task<Metadata> ResponseHeadersAsync { get; } = responseHeadersAsync;

    /// <summary>Awaits <see cref="ResponseAsync"/>.</summary>
    public TaskAwaiter<TResponse> GetAwaiter() => ResponseAsync.GetAwaiter();

    /// <summary>The status; throws <see cref="InvalidOperationException"/> while the call runs.</summary>
    public Status GetStatus() => getStatusFunc();

    /// <summary>The trailers; throws <see cref="InvalidOperationException"/> while the call runs.</summary>
    public Metadata GetTrailers() => getTrailersFunc();

    /// <summary>Cancels the call if it runs.</summary>
    public void Dispose() => disposeAction();
}
