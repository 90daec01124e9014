// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;

namespace ClusterManager.Grpc.Server;

/// <summary>What the server logs. Ends that callers and handlers choose (statuses, cancellation, deadlines) are theirs to log.</summary>
internal static partial class ServerLog
{
    public const string Category = "ClusterManager.Grpc.Server";

    [LoggerMessage(1, LogLevel.Error, "The handler of {Method} failed.", EventName = "HandlerFailed")]
    public static partial void HandlerFailed(ILogger logger, string method, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "The handler of {Method} returned while a write was still running; the stream was reset.",
        EventName = "WriteLeftBehind")]
    public static partial void WriteLeftBehind(ILogger logger, string method);

    [LoggerMessage(3, LogLevel.Error, "A callback on the cancellation token of {Method} failed.", EventName = "CancellationCallbackFailed")]
    public static partial void CancellationCallbackFailed(ILogger logger, string method, Exception exception);
}
