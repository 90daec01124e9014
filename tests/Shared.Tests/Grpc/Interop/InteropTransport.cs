// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Shared.Tests.Grpc.Interop;

/// <summary>What carries the calls.</summary>
public enum InteropTransport
{
    /// <summary>HTTP/2 without TLS, by prior knowledge.</summary>
    Cleartext,

    /// <summary>HTTP/2 over TLS, chosen by ALPN.</summary>
    Tls,
}
