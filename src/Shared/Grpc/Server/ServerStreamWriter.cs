// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;

namespace ClusterManager.Grpc.Server;

/// <summary>Writes the responses of a streaming call.</summary>
internal sealed class ServerStreamWriter<TResponse>(ServerCall call, Marshaller<TResponse> marshaller) : IServerStreamWriter<TResponse>
    where TResponse : class
{
    public WriteOptions? WriteOptions
    {
        get => call.WriteOptions;
        set => call.WriteOptions = value;
    }

    public Task WriteAsync(TResponse message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(TResponse message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return call.WriteAsync(message, marshaller, isLast: false, cancellationToken);
    }
}
