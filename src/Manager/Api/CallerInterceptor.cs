// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Grpc.Server;
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Engine;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Manager.Api;

/// <summary>Every call passes here: finds out who calls, whether they may, and turns domain exceptions into statuses.</summary>
internal sealed partial class CallerInterceptor(PeerValidator validator, ILogger<CallerInterceptor> log) : Interceptor
{
    /// <summary>Where the caller is kept in <see cref="ServerCallContext.UserState"/>.</summary>
    private static readonly object Key = new();

    /// <summary>The caller of a call that passed.</summary>
    public static CallerIdentity Of(ServerCallContext context) => (CallerIdentity)context.UserState[Key];

    internal static void Attach(ServerCallContext context, CallerIdentity caller) => context.UserState[Key] = caller;

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, () => continuation(request, context));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest,
            TResponse> continuation) =>
        GuardAsync(context, () => continuation(requestStream, context));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, async () =>
        {
            await continuation(request, responseStream, context);
            return true;
        });

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        GuardAsync(context, async () =>
        {
            await continuation(requestStream, responseStream, context);
            return true;
        });

    private async Task<T> GuardAsync<T>(ServerCallContext context, Func<Task<T>> call)
    {
        var caller = Identify(context);
        if (MethodPolicy.Refuse(context.Method, caller) is { } refusal)
        {
            LogRefused(context.Method, caller.Actor, refusal);
            throw caller.Role is null ? new RpcException(new Status(StatusCode.Unauthenticated, refusal), NotPermittedTrailer(refusal))
                : ApiErrors.NotPermitted(refusal);
        }

        Attach(context, caller);
        try
        {
            return await call();
        }
        catch (TermEndedException ended)
        {
            throw ApiErrors.Of(ended);
        }
        catch (MailboxFullException full)
        {
            throw ApiErrors.Of(full);
        }
        catch (Exception error) when (error is not RpcException && !context.CancellationToken.IsCancellationRequested)
        {
            LogFailed(error, context.Method);
            throw new RpcException(new Status(StatusCode.Internal, "the manager failed; its log says why"));
        }
    }

    private static Metadata NotPermittedTrailer(string text) => ApiErrors.NotPermitted(text).Trailers;

    private CallerIdentity Identify(ServerCallContext context)
    {
        var verdict = validator.JudgeClient(context.GetHttpContext().Connection.ClientCertificate);
        if (verdict.Identity is not { } identity) return new CallerIdentity(null, "", "anonymous", false, false);
        var expired = verdict.Kind == PeerVerdictKind.Expired;
        var actor = $"{identity.Role.ToString().ToLowerInvariant()} {identity.Id}";
        // Only a manager may speak for another caller, and only about who it was: what that caller may do was checked there, and again
        // here.
        var forwardedActor = identity.Role == PeerRole.Manager && !expired ? context.RequestHeaders.GetValue(Forwarder.ActorHeader) : null;
        return forwardedActor is null
            ? new CallerIdentity(identity.Role, identity.Id, actor, expired, false)
            : new CallerIdentity(identity.Role, identity.Id, forwardedActor, expired, true);
    }

    [LoggerMessage(EventIds.CallRefused, LogLevel.Warning, "{Method} by {Actor} was refused: {Reason}")]
    private partial void LogRefused(string method, string actor, string reason);

    [LoggerMessage(EventIds.CallFailed, LogLevel.Error, "{Method} failed")]
    private partial void LogFailed(Exception error, string method);
}
