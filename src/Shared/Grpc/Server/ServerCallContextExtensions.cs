// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Grpc.Server;
using Microsoft.AspNetCore.Http;

namespace Grpc.Core;

/// <summary>The way from a call to the HTTP request that carries it.</summary>
public static class ServerCallContextExtensions
{
    /// <summary>The HTTP request of the call, for example for <c>Connection.ClientCertificate</c>.</summary>
    /// <exception cref="InvalidOperationException">The context is not from this server (a fake in a test).</exception>
    public static HttpContext GetHttpContext(this ServerCallContext context) =>
        context is ServerCall call
            ? call.HttpContext
            : throw new InvalidOperationException("This call did not come over HTTP.");
}
