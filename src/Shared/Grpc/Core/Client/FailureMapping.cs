// SPDX-License-Identifier: Apache-2.0
using System.Net.Http;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client;

/// <summary>The one place where exceptions of the HTTP client become a status.</summary>
internal static class FailureMapping
{
    /// <summary>The status for a call that failed with this exception and not by its own deadline or token.</summary>
    public static Status ToStatus(Exception failure)
    {
        for (var ex = failure; ex is not null; ex = ex.InnerException)
        {
            if (ex is RpcException rpc)
                return rpc.Status;
            if (ex is HttpProtocolException protocol)
                return new Status(FromProtocolError(protocol), protocol.Message, failure);
        }

        return failure switch
        {
            HttpRequestException or IOException => new Status(StatusCode.Unavailable, Describe(failure), failure),
            // Neither the caller's token nor the deadline did it: the connect timeout, or the connection went away under the call.
            OperationCanceledException or TimeoutException => new Status(StatusCode.Unavailable, "No connection to the server.", failure),
            _ => new Status(StatusCode.Internal, "The call failed in the client.", failure),
        };
    }

    /// <summary>
    /// RST_STREAM has a table. An error of the whole connection (GOAWAY, invalid frames) means that the server is gone. The exception does
    /// not say which it was but in its text: "reset the stream" or "… the connection" (or the names of these texts, when trimmed away).
    /// </summary>
    private static StatusCode FromProtocolError(HttpProtocolException error) =>
        error.Message.Contains("connection", StringComparison.Ordinal)
            ? StatusCode.Unavailable
            : StatusMapping.FromResetCode(error.ErrorCode);

    private static string Describe(Exception failure) =>
        failure.InnerException is { } inner && !failure.Message.Contains(inner.Message, StringComparison.Ordinal)
            ? $"{failure.Message} {inner.Message}"
            : failure.Message;
}
