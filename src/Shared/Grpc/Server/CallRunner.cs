// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace ClusterManager.Grpc.Server;

/// <summary>Runs one call from its headers to its status.</summary>
internal static class CallRunner
{
    /// <summary>
    /// Serves a request. Whatever the handler does, the call ends with a status or a reset. The deadline does not wait for the handler:
    /// the client gets its answer at once, but the request lives until the handler has returned.
    /// </summary>
    public static async Task RunAsync(HttpContext http, IMethod method, GrpcServiceOptions options, Func<ServerCall, Task> body)
    {
        if (RequestCheck.FindHttpError(http.Request) is { } httpError)
        {
            http.Response.StatusCode = httpError;
            return;
        }

        if (RequestCheck.FindError(http.Request, method, out var timeout) is { } error)
        {
            await Responses.RejectAsync(http, error);
            return;
        }

        KestrelLimits.Lift(http);
        using var call = new ServerCall(http, method, options, timeout);
        var running = RunBodyAsync(call, body);
        if (call.HasDeadline && await Task.WhenAny(running, call.DeadlinePassed) != running)
            await call.EndByDeadlineAsync();
        await call.EndAsync(await running);
    }

    /// <summary>Runs the handler and turns however it ends into a status. Never throws.</summary>
    private static async Task<Status> RunBodyAsync(ServerCall call, Func<ServerCall, Task> body)
    {
        try
        {
            await body(call);
            return call.Status;
        }
        catch (RpcException ex)
        {
            call.AddTrailers(ex.Trailers);
            return ex.Status;
        }
        catch (OperationCanceledException) when (call.CancellationToken.IsCancellationRequested)
        {
            return call.DeadlinePassed.IsCompleted
                ? new Status(StatusCode.DeadlineExceeded, "The deadline passed.")
                : new Status(StatusCode.Cancelled, "The call was cancelled.");
        }
        catch (Exception ex)
        {
            ServerLog.HandlerFailed(call.Logger, call.Method, ex);
            // The text of the exception may hold secrets: it stays in the log.
            return new Status(StatusCode.Unknown, "The handler of the call failed.");
        }
    }
}
