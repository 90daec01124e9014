// SPDX-License-Identifier: Apache-2.0
using Grpc.Core.Interceptors;
using Grpc.Core.Wire;

namespace ClusterManager.Grpc.Server;

/// <summary>How the methods of a mapped service are served.</summary>
public sealed class GrpcServiceOptions
{
    /// <summary>The greatest request message, in bytes. Default: 4 MiB; null: none. Beyond: RESOURCE_EXHAUSTED.</summary>
    public int? MaxReceiveMessageSize { get; init; } = GrpcNames.DefaultMaxMessageBytes;

    /// <summary>The greatest response message, in bytes. Default: 4 MiB, as no default client takes more; null: none.</summary>
    public int? MaxSendMessageSize { get; init; } = GrpcNames.DefaultMaxMessageBytes;

    /// <summary>Whether responses are gzipped for clients that accept it. Default: false. Gzipped requests are always understood.</summary>
    public bool GzipResponses { get; init; }

    /// <summary>What every call passes through, the first one outermost. Default: none.</summary>
    public IReadOnlyList<Interceptor> Interceptors { get; init; } = [];

    /// <summary>The clock of deadlines. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
