// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Leadership;
using ClusterManager.Wire;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClusterManager.Manager.Api;

/// <summary>
/// Brings a call to the leader: here when this manager leads, else passed on once. The leader believes a passed-on caller's name only
/// from a manager's certificate. Thread-safe.
/// </summary>
internal sealed class Forwarder(LeadershipLoop leadership, LeaderWatch watch, ManagerIdentity identity, Func<Uri, GrpcChannel> connect,
    TimeProvider time) : IDisposable
{
    /// <summary>Who called the manager that passes the call on.</summary>
    public const string ActorHeader = "cluster-actor";

    private static readonly TimeSpan UnaryDeadline = TimeSpan.FromSeconds(15);
    private readonly Lock _lock = new();
    private (string Address, GrpcChannel Channel)? _toLeader;

    /// <summary>The term that this manager leads; null while it does not.</summary>
    public LeaderTerm? CurrentTerm => leadership.Term.Current;

    /// <summary>Runs a unary call where the leader is.</summary>
    public async Task<T> UnaryAsync<T>(
        ServerCallContext context, Func<LeaderTerm, Task<T>> here, Func<CallInvoker, CallOptions, AsyncUnaryCall<T>> there)
    {
        if (leadership.Term.Current is { } term) return await here(term);
        return await WhileItLeadsAsync(Passing.Of(context), UnaryDeadline, async (invoker, options) =>
        {
            using var call = there(invoker, options);
            return await call.ResponseAsync;
        });
    }

    /// <summary>Runs a call that began in this manager itself where the leader is.</summary>
    /// <param name="actor">On whose behalf, for people.</param>
    /// <param name="here">When this manager leads.</param>
    /// <param name="there">When another does.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<T> OwnAsync<T>(
        string actor, Func<LeaderTerm, Task<T>> here, Func<CallInvoker, CallOptions, AsyncUnaryCall<T>> there,
        CancellationToken cancellationToken)
    {
        if (leadership.Term.Current is { } term) return await here(term);
        var passing = new Passing(actor, IsForwarded: false, DateTime.MaxValue, cancellationToken);
        return await WhileItLeadsAsync(passing, UnaryDeadline, async (invoker, options) =>
        {
            using var call = there(invoker, options);
            return await call.ResponseAsync;
        });
    }

    /// <summary>Runs a server stream where the leader is.</summary>
    public async Task StreamAsync<T>(
        ServerCallContext context, IServerStreamWriter<T> responses, Func<LeaderTerm, Task> here,
        Func<CallInvoker, CallOptions, AsyncServerStreamingCall<T>> there)
    {
        if (leadership.Term.Current is { } term)
        {
            await here(term);
            return;
        }

        await WhileItLeadsAsync(Passing.Of(context), deadline: null, async (invoker, options) =>
        {
            using var call = there(invoker, options);
            while (await call.ResponseStream.MoveNext(options.CancellationToken)) await responses.WriteAsync(call.ResponseStream.Current);
            return true;
        });
    }

    /// <summary>Closes the connection to the leader.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _toLeader?.Channel.Dispose();
            _toLeader = null;
        }
    }

    // A leader that hangs answers nobody, and keeps its connections: who waits for it is let go when the lock is another's.
    private async Task<T> WhileItLeadsAsync<T>(Passing caller, TimeSpan? deadline, Func<CallInvoker, CallOptions, Task<T>> pass)
    {
        var leader = Leader(caller);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(caller.Token);
        var call = pass(Channel(leader.Address).CreateCallInvoker(), Options(caller, deadline, stop.Token));
        var replaced = watch.WhenLostAsync(leader.Term, stop.Token);
        var first = await Task.WhenAny(call, replaced);
        stop.Cancel();
        await replaced;
        try
        {
            return await call;
        }
        catch (Exception error) when (first == replaced && error is RpcException or OperationCanceledException
            && !caller.Token.IsCancellationRequested)
        {
            throw ApiErrors.UnknownOutcome("the leader was replaced before it answered: the same request id finds out what became of it");
        }
        catch (RpcException error) when (UnsentCall.Is(error.Status.DebugException))
        {
            throw ApiErrors.Unavailable(
                $"the leader, {leader.Name} at {leader.Address}, cannot be reached and none has replaced it yet: nothing was changed");
        }
    }

    private LeaderInfo Leader(Passing caller)
    {
        var leader = watch.Leader.Current;
        if (!watch.ConsulAnswers)
            throw ApiErrors.Unavailable("Consul does not answer this manager: nothing was changed, running containers are not affected");
        if (!leader.IsHeld || leader.Address.Length == 0)
            throw ApiErrors.Unavailable("no manager leads at the moment; one is elected within seconds");
        // The lock says this manager, but its term has not begun or has just ended; and a call is passed on once only.
        if (leader.NodeId == identity.Node.ToString() || caller.IsForwarded)
            throw ApiErrors.Unavailable("the leader is changing; try again in a moment");
        return leader;
    }

    private CallOptions Options(Passing caller, TimeSpan? deadline, CancellationToken cancellationToken)
    {
        DateTime? until = caller.Deadline != DateTime.MaxValue ? caller.Deadline : time.GetUtcNow().UtcDateTime + deadline;
        return new CallOptions(new Metadata { { ActorHeader, caller.Actor } }, until, cancellationToken);
    }

    private GrpcChannel Channel(string address)
    {
        lock (_lock)
        {
            if (_toLeader is { } known && known.Address == address) return known.Channel;
            _toLeader?.Channel.Dispose();
            var channel = connect(new Uri($"https://{address}"));
            _toLeader = (address, channel);
            return channel;
        }
    }

    /// <summary>Whose call is passed on, and until when.</summary>
    private sealed record Passing(string Actor, bool IsForwarded, DateTime Deadline, CancellationToken Token)
    {
        public static Passing Of(ServerCallContext context)
        {
            var caller = CallerInterceptor.Of(context);
            var actor = caller.Role == PeerRole.Node ? $"node {caller.Id}" : caller.Actor;
            return new Passing(actor, caller.IsForwarded, context.Deadline, context.CancellationToken);
        }
    }
}
