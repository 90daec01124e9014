// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Logging;
using ClusterManager.Manager.Credentials;
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Wire;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using V1 = ClusterManager.Wire.V1;
using Cause = ClusterManager.Wire.V1.Rejected.Types.Cause;

namespace ClusterManager.Manager.Api;

/// <summary>The agents' side of the API: sessions (with the leader only) and log uploads.</summary>
internal sealed partial class AgentApiService(
    LeadershipLoop leadership, LeaderWatch watch, ClusterMapSource map, LogBroker logs, TimeProvider time, ILoggerFactory loggers)
    : V1.AgentApi.AgentApiBase
{
    /// <summary>Gives agents what registries want to see; null: nobody does.</summary>
    public PullAuths? Auths { get; init; }

    private readonly ILogger _log = loggers.CreateLogger<AgentApiService>();

    public override async Task Session(
        IAsyncStreamReader<V1.AgentMessage> requestStream, IServerStreamWriter<V1.ManagerMessage> responseStream, ServerCallContext context)
    {
        if (leadership.Term.Current is not { } term)
        {
            var leader = watch.Leader.Current;
            await responseStream.WriteAsync(Messages.NotLeader(leader.Address, leader.Term), context.CancellationToken);
            return;
        }

        if (await ReadHelloAsync(requestStream, context.CancellationToken) is not { } hello)
            throw new RpcException(new Status(StatusCode.InvalidArgument, "the first message must be a hello"));
        var state = term.Engine.Snapshots.Current;
        if (Refuse(hello, CallerInterceptor.Of(context), state) is { } refusal)
        {
            LogRejected(hello.NodeId, refusal.Cause.ToString(), refusal.Text);
            await responseStream.WriteAsync(Messages.Rejected(refusal.Cause, refusal.Text), context.CancellationToken);
            return;
        }

        await ServeAsync(term, hello, requestStream, responseStream, context.CancellationToken);
    }

    public override async Task<V1.LogUploadResult> UploadLogs(IAsyncStreamReader<V1.LogUpload> requestStream, ServerCallContext context)
    {
        var node = NodeId.Parse(CallerInterceptor.Of(context).Id);
        LogSubscription? reader = null;
        try
        {
            while (await requestStream.MoveNext(context.CancellationToken))
            {
                reader ??= logs.Find(requestStream.Current.Request, node)
                    ?? throw new RpcException(new Status(StatusCode.NotFound, "nobody waits for these logs any more"));
                using var either = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, reader.Gone);
                await reader.WriteAsync(requestStream.Current, either.Token);
            }
        }
        catch (OperationCanceledException) when (reader?.Gone.IsCancellationRequested == true)
        {
            throw new RpcException(new Status(StatusCode.Cancelled, "the reader is gone"));
        }
        finally
        {
            reader?.Complete();
        }

        return new V1.LogUploadResult();
    }

    private async Task<V1.Hello?> ReadHelloAsync(IAsyncStreamReader<V1.AgentMessage> requests, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(SessionTimings.Hello, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await requests.MoveNext(either.Token) ? requests.Current.Hello : null;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            var within = Text.Duration(SessionTimings.Hello);
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"the agent sent no hello within {within}"));
        }
    }

    private static (Cause Cause, string Text)? Refuse(V1.Hello hello, CallerIdentity caller, ClusterState state)
    {
        if (!NodeId.TryParse(hello.NodeId, out var node) || caller.Id != hello.NodeId)
            return (Cause.NodeUnknown, "the hello's node id is not the certificate's");
        if (hello.ClusterId != state.Meta.Cluster.ToString()) return (Cause.OtherCluster, "this manager serves another cluster");
        if (!state.Nodes.ContainsKey(node))
            return (Cause.NodeUnknown, "this node has no record in the cluster: it was removed; join again");
        if (ProtocolVersions.Choose(hello.ProtocolMin, hello.ProtocolMax, out var problem) == 0) return (Cause.Protocol, problem!);
        var confirmed = Math.Max(hello.ConfirmedIncarnation, hello.Applied?.Incarnation ?? 0);
        var current = state.Meta.Incarnation;
        if (current > 1 && confirmed < current)
            return (Cause.Unconfirmed, $"the state began incarnation {current}, this node believes {confirmed}: nothing is changed here "
                + $"until 'cluster recover confirm {current}' is run on this machine");
        var known = hello.Applied.ToModel();
        if (known.Incarnation > state.Version.Incarnation
            || (known.Incarnation == state.Version.Incarnation && known.Term > state.Version.Term))
            return (Cause.StaleState, $"the agent has seen {known}, this manager's state is {state.Version}: it is older");
        return null;
    }

    private async Task ServeAsync(
        LeaderTerm term, V1.Hello hello, IAsyncStreamReader<V1.AgentMessage> requests, IServerStreamWriter<V1.ManagerMessage> responses,
        CancellationToken cancellationToken)
    {
        var node = NodeId.Parse(hello.NodeId);
        var engine = term.Engine;
        using var session =
            new AgentSession(node, term.Sessions.NextNumber(), engine, term.Fence, map, time, loggers.CreateLogger<AgentSession>())
            {
                Auths = Auths,
            };
        if (!term.Sessions.TryOpen(session)) throw new RpcException(new Status(StatusCode.Unavailable, "the leader is changing"));
        var why = "the engine's mailbox is full";
        try
        {
            var connected = new ClusterEvent.NodeConnected(
                node, session.Number, FactsMapping.ToModel(hello.Facts ?? new V1.NodeFacts()), hello.EngineUp,
                ReportMapping.ToReports(hello.Allocations, engine.Now))
            {
                Protocol = ProtocolVersions.Choose(hello.ProtocolMin, hello.ProtocolMax, out _),
                CanPull = hello.Pulls, KnowsColours = hello.Colours,
                CanRunHooks = hello.Hooks,
                Disk = ReportMapping.ToModel(hello.Disk),
                Held = HeldMapping.ToHeld(hello, engine.Snapshots.Current, engine.Now),
            };
            if (!engine.TryPost(connected)) throw ApiErrors.Of(new MailboxFullException());
            LogOpened(hello.NodeId, session.Number);
            await responses.WriteAsync(Welcome(hello, engine.Snapshots.Current, node), cancellationToken);
            why = await session.RunAsync(requests, responses, cancellationToken);
        }
        finally
        {
            term.Sessions.Remove(session);
            engine.TryPost(new ClusterEvent.NodeDisconnected(node, session.Number));
            LogClosed(hello.NodeId, session.Number, why);
        }
    }

    private V1.ManagerMessage Welcome(V1.Hello hello, ClusterState state, NodeId node) => new()
    {
        Welcome = new V1.Welcome
        {
            Protocol = ProtocolVersions.Choose(hello.ProtocolMin, hello.ProtocolMax, out _),
            Version = state.Version.ToWire(),
            HeartbeatMs = (long)SessionTimings.Heartbeat.TotalMilliseconds,
            SessionTimeoutMs = (long)SessionTimings.Timeout.TotalMilliseconds,
            ClusterMap = map.For(state, node),
            AnswersAuth = Auths is not null,
            AnswersKeep = true,
        },
    };

    [LoggerMessage(EventIds.SessionOpened, LogLevel.Information, "Session {Session} of node {NodeId} began")]
    private partial void LogOpened(string nodeId, long session);

    [LoggerMessage(EventIds.SessionClosed, LogLevel.Information, "Session {Session} of node {NodeId} ended: {Reason}")]
    private partial void LogClosed(string nodeId, long session, string reason);

    [LoggerMessage(EventIds.SessionRejected, LogLevel.Warning, "The session of node {NodeId} was rejected ({Cause}): {Reason}")]
    private partial void LogRejected(string nodeId, string cause, string reason);
}
