// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;

namespace Grpc.Net.Client;

/// <summary>How a call ended, with the trailers that came.</summary>
internal sealed record CallOutcome(Status Status, Metadata Trailers)
{
    public bool IsSuccess => Status.StatusCode == StatusCode.OK;

    public RpcException ToException() => new(Status, Trailers);
}
