// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Hosting.Logging;
using ClusterManager.Hosting.Time;
using ClusterManager.Manager.Credentials;
using ClusterManager.Manager.Diagnosis;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.Planning.Recovery;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Telemetry;
using ClusterManager.Model;
using ClusterManager.Wire;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Dispatch;

/// <summary>
/// One agent's stream, seen from the leader. It posts what the agent says as events, and sends what the newest snapshot wants of the node;
/// it changes no state itself. One loop reads, one writes; either's end ends both.
/// </summary>
internal sealed partial class AgentSession(
    NodeId node, long number, EngineLoop engine, Fence fence, ClusterMapSource map, TimeProvider time, ILogger<AgentSession> log)
        : IDisposable
{
    private const int OutboxCapacity = 64;
    private static readonly TimeSpan FencePause = TimeSpan.FromMilliseconds(50);

    private readonly Mailbox<V1.ManagerMessage> _outbox = new(OutboxCapacity);
    private readonly Mailbox<V1.AuthRequest> _authRequests = new(OutboxCapacity);
    private readonly CancellationTokenSource _closed = new();
    private readonly HashSet<long> _askedQueries = [];
    private readonly PullOrders _pulls = new(node);
    private readonly HashSet<AllocationId> _dropped = [];
    private ImmutableSortedDictionary<AllocationId, AssignedAllocation> _sent = AssignmentDiff.Nothing;
    private StateVersion _sentVersion;
    private V1.ClusterMap? _sentMap;
    private (object? Nodes, object? Trust) _sentMapOf;
    private long _lastHeard = time.GetTimestamp();
    private long _heartbeats;
    private volatile bool _needComplete = true;
    private volatile string _why = "the agent ended it";
    private volatile NodeMetrics? _metrics;

    /// <summary>Whose session.</summary>
    public NodeId Node { get; } = node;

    /// <summary>Its number within the term.</summary>
    public long Number { get; } = number;

    /// <summary>Time since the agent was last heard.</summary>
    public TimeSpan Silence => time.GetElapsedTime(Volatile.Read(ref _lastHeard));

    /// <summary>What the agent measured last; null: it has not said, as agents of before 0.2 never do.</summary>
    public NodeMetrics? Metrics => _metrics;

    /// <summary>What the agent was asked about itself.</summary>
    public AnswerDesk<NodeFindings> Inspections { get; } = new();

    /// <summary>Answers to <c>cluster drift</c>.</summary>
    public AnswerDesk<V1.Comparison> Comparisons { get; } = new();

    /// <summary>Gives the agent what registries want to see; null: nobody does.</summary>
    public PullAuths? Auths { get; init; }

    /// <summary>Queues a message (a log request). False: the queue is full or the session is over.</summary>
    public bool TrySend(V1.ManagerMessage message) => _outbox.TryPost(message);

    /// <summary>Ends the session.</summary>
    public void Close(string why)
    {
        _why = why;
        try
        {
            _closed.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _closed.Dispose();

    /// <summary>Runs until the agent, the network, the term or <see cref="Close"/> ends it; returns why.</summary>
    public async Task<string> RunAsync(
        IAsyncStreamReader<V1.AgentMessage> requests, IServerStreamWriter<V1.ManagerMessage> responses, CancellationToken cancellationToken)
    {
        _lastHeard = time.GetTimestamp();
        using var tasks = new OwnedTasks(cancellationToken);
        await using var closing = _closed.Token.Register(tasks.Stop);
        tasks.TryStart(stopping => EndingAsync(tasks, ReadAsync(requests, stopping)));
        tasks.TryStart(stopping => EndingAsync(tasks, WriteAsync(responses, stopping)));
        tasks.TryStart(stopping => EndingAsync(tasks, WatchSilenceAsync(stopping)));
        if (Auths is { } auths) tasks.TryStart(stopping => EndingAsync(tasks, AnswerAuthsAsync(auths, stopping)));
        try
        {
            await tasks.WhenEndedAsync();
        }
        catch (Exception error) when (error is RpcException or IOException)
        {
            _why = "the connection broke";
        }

        return _why;
    }

    private static async Task EndingAsync(OwnedTasks tasks, Task part)
    {
        try
        {
            await part;
        }
        finally
        {
            tasks.Stop();
        }
    }

    private async Task WatchSilenceAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var silent = time.GetElapsedTime(Volatile.Read(ref _lastHeard));
            if (silent > SessionTimings.Timeout)
            {
                _why = $"the agent was silent for {Text.Duration(silent)}";
                return;
            }

            await Task.Delay(SessionTimings.Timeout - silent + TimeSpan.FromMilliseconds(1), time, cancellationToken);
        }
    }

    private async Task ReadAsync(IAsyncStreamReader<V1.AgentMessage> requests, CancellationToken cancellationToken)
    {
        while (await requests.MoveNext(cancellationToken))
        {
            Volatile.Write(ref _lastHeard, time.GetTimestamp());
            if (Take(requests.Current)) continue;
            _why = "the engine's mailbox is full";
            return;
        }
    }

    // False: the engine takes no more. The session ends, and the agent's next hello repeats everything.
    internal bool Take(V1.AgentMessage message)
    {
        switch (message.BodyCase)
        {
            case V1.AgentMessage.BodyOneofCase.Status:
                return engine.TryPost(new ClusterEvent.AgentReported(
                    Node, Number, message.Status.EngineUp,
                    message.Status.Facts is { } facts ? Persistence.FactsMapping.ToModel(facts) : null,
                    ReportMapping.ToReports(message.Status.Allocations, engine.Now))
                {
                    Disk = ReportMapping.ToModel(message.Status.Disk),
                });
            case V1.AgentMessage.BodyOneofCase.ImageResolution:
                var answer = message.ImageResolution;
                return engine.TryPost(new ClusterEvent.ImageAnswered(
                    Node, answer.Request, new ImageAnswer(answer.Digest, answer.LocalImageId, ReportMapping.ToModel(answer.Failure))));
            case V1.AgentMessage.BodyOneofCase.ImagePulled:
                var pulled = message.ImagePulled;
                return engine.TryPost(new ClusterEvent.ImagePulled(Node, pulled.Request, ReportMapping.ToModel(pulled)));
            case V1.AgentMessage.BodyOneofCase.Applied:
                if (message.Applied.NeedComplete) _needComplete = true;
                return true;
            case V1.AgentMessage.BodyOneofCase.Metrics:
                _metrics = NodeMetrics.Of(message.Metrics, time.GetUtcNow());
                return true;
            case V1.AgentMessage.BodyOneofCase.AuthRequest:
                // One that finds no place is not answered: the agent goes on without.
                _authRequests.TryPost(message.AuthRequest);
                return true;
            case V1.AgentMessage.BodyOneofCase.KeepQuestion:
                AnswerKeep(message.KeepQuestion);
                return true;
            case V1.AgentMessage.BodyOneofCase.Inspection:
                Inspections.Take(
                    message.Inspection.Request, sentAt => new NodeFindings(message.Inspection, sentAt, time.GetUtcNow()));
                return true;
            case V1.AgentMessage.BodyOneofCase.Comparison:
                Comparisons.Take(message.Comparison.Request, _ => message.Comparison);
                return true;
            default:
                return true;
        }
    }

    // By no answer nothing is removed: so behind a stale fence, and on a node that does not follow this life of the state.
    private void AnswerKeep(V1.KeepQuestion question)
    {
        var state = engine.Snapshots.Current;
        if (!fence.IsFresh || !state.Nodes.TryGetValue(Node, out var record) || UnconfirmedNodes.IsUnconfirmed(state, record)) return;
        if (question.Images.Count > KeptImages.AskedMax) return;
        var revisions = Math.Clamp(question.Revisions, 1, KeptImages.RevisionsMax);
        var answer = new V1.KeepAnswer { Request = question.Request };
        answer.Kept.AddRange(KeptImages.Among(state, record, question.Images, revisions));
        _outbox.TryPost(new V1.ManagerMessage { KeepAnswer = answer });
    }

    // One after the other: a helper that takes its time keeps nothing else of the session waiting.
    private async Task AnswerAuthsAsync(PullAuths auths, CancellationToken cancellationToken)
    {
        while (await _authRequests.WhenReadableAsync(cancellationToken))
        {
            while (_authRequests.TryRead(out var request))
            {
                var found = await auths.FindAsync(engine.Snapshots.Current, Node, request.Image, cancellationToken);
                var answer = new V1.AuthAnswer { Request = request.Request };
                if (found.Length > 0) answer.Auth = new V1.RegistryAuth { Encoded = found };
                _outbox.TryPost(new V1.ManagerMessage { AuthAnswer = answer });
            }
        }
    }

    // Heartbeats and log requests go on while the fence is stale; the state waits for it.
    private async Task WriteAsync(IServerStreamWriter<V1.ManagerMessage> responses, CancellationToken cancellationToken)
    {
        var snapshots = engine.Snapshots.Subscribe();
        var lastBeat = time.GetTimestamp();
        var isNews = false;
        Task<ClusterState>? newer = null;
        Task<bool>? posted = null;
        while (true)
        {
            newer ??= snapshots.NextAsync(cancellationToken).AsTask();
            posted ??= _outbox.WhenReadableAsync(cancellationToken);
            var wait = SessionTimings.Heartbeat - time.GetElapsedTime(lastBeat);
            if (isNews && wait > FencePause) wait = FencePause;
            if (wait > TimeSpan.Zero) await WaitAnyAsync(newer, posted, wait, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            if (newer.IsCompleted) (newer, isNews) = (null, true);
            // A leader acts only behind a fresh fence: what is sent here stops and starts containers.
            if ((isNews || _needComplete) && fence.IsFresh)
            {
                isNews = false;
                await SendStateAsync(responses, engine.Snapshots.Current, cancellationToken);
            }

            if (posted.IsCompleted)
            {
                while (_outbox.TryRead(out var message)) await responses.WriteAsync(message, cancellationToken);
                posted = null;
            }

            if (time.GetElapsedTime(lastBeat) < SessionTimings.Heartbeat) continue;
            lastBeat = time.GetTimestamp();
            await SendHeartbeatAsync(responses, cancellationToken);
        }
    }

    private Task SendHeartbeatAsync(IServerStreamWriter<V1.ManagerMessage> responses, CancellationToken cancellationToken) =>
        responses.WriteAsync(
            new V1.ManagerMessage { Heartbeat = new V1.ManagerHeartbeat { Sequence = ++_heartbeats, Version = _sentVersion.ToWire() } },
            cancellationToken);

    private async Task WaitAnyAsync(Task newer, Task posted, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(newer, posted, Pause.ForAsync(wait, time, pause.Token));
        pause.Cancel();
    }

    private async Task SendStateAsync(IServerStreamWriter<V1.ManagerMessage> responses, ClusterState state,
        CancellationToken cancellationToken)
    {
        if (!state.Nodes.TryGetValue(Node, out var record))
        {
            await responses.WriteAsync(
                Messages.Rejected(V1.Rejected.Types.Cause.NodeUnknown, "this node's record was removed from the cluster"),
                cancellationToken);
            Close("the node was removed");
            return;
        }

        await SendMapAsync(responses, state, cancellationToken);
        // After a restore the engine first takes up what the node runs: what it is told before could make it run things twice.
        if (UnconfirmedNodes.IsUnconfirmed(state, record)) return;
        await SendAssignmentsAsync(responses, state, cancellationToken);
        await SendQueriesAsync(responses, state, cancellationToken);
    }

    private async Task SendMapAsync(IServerStreamWriter<V1.ManagerMessage> responses, ClusterState state,
        CancellationToken cancellationToken)
    {
        // Most snapshots have the nodes of the one before: with many nodes, making the map of each for each would be felt.
        var trust = map.Trust;
        if (ReferenceEquals(_sentMapOf.Nodes, state.Nodes) && ReferenceEquals(_sentMapOf.Trust, trust)) return;
        _sentMapOf = (state.Nodes, trust);
        var newMap = map.For(state, Node);
        if (newMap.Equals(_sentMap)) return;
        _sentMap = newMap;
        await responses.WriteAsync(new V1.ManagerMessage { ClusterMap = newMap }, cancellationToken);
    }

    private async Task SendAssignmentsAsync(IServerStreamWriter<V1.ManagerMessage> responses, ClusterState state,
        CancellationToken cancellationToken)
    {
        var complete = _needComplete;
        var diff = AssignmentDiff.Compute(complete ? AssignmentDiff.Nothing : _sent, state, Node);
        if (complete) _dropped.Clear();
        diff = diff with { Removals = [.. diff.Removals, .. Strays.SupersededOn(state, Node).Where(_dropped.Add)] };
        if (!complete && diff.IsEmpty) return;
        _needComplete = false;
        var message = Messages.Assignments(state, complete, _sentVersion, diff);
        _sent = diff.Sent;
        _sentVersion = state.Version;
        await responses.WriteAsync(message, cancellationToken);
        LogSent(new TruncatedId(Node.ToString()), complete ? "COMPLETE" : "INCREMENTAL", diff.Upserts.Length, diff.Removals.Length);
    }

    private async Task SendQueriesAsync(IServerStreamWriter<V1.ManagerMessage> responses, ClusterState state,
        CancellationToken cancellationToken)
    {
        _askedQueries.RemoveWhere(query => !state.ImageQueries.ContainsKey(query));
        foreach (var query in state.ImageQueries.Values)
        {
            if (!query.AskedNodes.Contains(Node) || query.Answers.ContainsKey(Node) || !_askedQueries.Add(query.Number)) continue;
            await responses.WriteAsync(new V1.ManagerMessage
            {
                ResolveImage =
                    new V1.ResolveImage { Request = query.Number, Image = query.Image, AskRegistry = query.RegistryNodes.Contains(Node) },
            }, cancellationToken);
        }

        foreach (var order in _pulls.Next(state)) await responses.WriteAsync(order, cancellationToken);
    }

    [LoggerMessage(EventIds.SessionOpened + 100, LogLevel.Debug, "Sent node {NodeId} {Kind}: {Upserts} upserts, {Removals} removals")]
    private partial void LogSent(TruncatedId nodeId, string kind, int upserts, int removals);
}
