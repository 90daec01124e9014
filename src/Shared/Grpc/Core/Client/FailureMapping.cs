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
    /// RST_STREAM has a table. Any other error is one of the whole connection (GOAWAY, invalid frames, an unanswered ping): the server is
    /// gone. Only the text of the exception tells them apart: "reset the stream", or the name of that text when texts are trimmed away.
    /// </summary>
    private static StatusCode FromProtocolError(HttpProtocolException error) =>
        error.Message.Contains("reset the stream", StringComparison.Ordinal)
        || error.Message.Contains("net_http_http2_stream_error", StringComparison.Ordinal)
            ? StatusMapping.FromResetCode(error.ErrorCode)
            : StatusCode.Unavailable;

    private static string Describe(Exception failure) =>
        failure.InnerException is { } inner && !failure.Message.Contains(inner.Message, StringComparison.Ordinal)
            ? $"{failure.Message} {inner.Message}"
            : failure.Message;
}
