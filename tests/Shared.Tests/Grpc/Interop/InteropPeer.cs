// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Shared.Tests.Grpc.Interop;

/// <summary>Another implementation of gRPC, in a process of its own.</summary>
public enum InteropPeer
{
    /// <summary>@grpc/grpc-js on Node.</summary>
    GrpcJs,

    /// <summary>grpcio on Python: gRPC's C core, the one that most languages share.</summary>
    Grpcio,
}
