// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;

namespace ClusterManager.Grpc.Server;

/// <summary>Reads the requests of a streaming call.</summary>
internal sealed class ServerStreamReader<TRequest>(ServerCall call, Marshaller<TRequest> marshaller) : IAsyncStreamReader<TRequest>
    where TRequest : class
{
    private TRequest? _current;

    public TRequest Current => _current ?? throw new InvalidOperationException("There is no message: MoveNext must return true first.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        _current = null;
        _current = await call.ReadAsync(marshaller, cancellationToken);
        return _current is not null;
    }
}
