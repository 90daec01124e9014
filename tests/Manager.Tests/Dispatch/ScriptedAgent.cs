// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Threading.Channels;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Tests.Dispatch;

/// <summary>The agent's end of a session, in memory: what it says, and what it was told. Its reading can be stopped.</summary>
internal sealed class ScriptedAgent : IAsyncStreamReader<V1.AgentMessage>, IServerStreamWriter<V1.ManagerMessage>
{
    private readonly Channel<V1.AgentMessage> _said = Channel.CreateUnbounded<V1.AgentMessage>();
    private readonly ConcurrentQueue<V1.ManagerMessage> _told = new();
    private volatile TaskCompletionSource? _gate;

    public V1.AgentMessage Current { get; private set; } = new();

    public WriteOptions? WriteOptions { get; set; }

    /// <summary>All it was told.</summary>
    public IReadOnlyList<V1.ManagerMessage> Told => [.. _told];

    public IReadOnlyList<V1.Assignments> Assignments =>
        [.. _told.Where(one => one.BodyCase == V1.ManagerMessage.BodyOneofCase.Assignments).Select(one => one.Assignments)];

    public int Heartbeats => _told.Count(one => one.BodyCase == V1.ManagerMessage.BodyOneofCase.Heartbeat);

    public void Say(V1.AgentMessage message) => Assert.True(_said.Writer.TryWrite(message));

    public void Beat() => Say(new V1.AgentMessage { Heartbeat = new V1.AgentHeartbeat { EngineUp = true } });

    /// <summary>It ends the stream well.</summary>
    public void HangUp() => _said.Writer.TryComplete();

    /// <summary>From now on it reads nothing.</summary>
    public void StopReading() => _gate = new TaskCompletionSource();

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (!await _said.Reader.WaitToReadAsync(cancellationToken) || !_said.Reader.TryRead(out var message)) return false;
        Current = message;
        return true;
    }

    public Task WriteAsync(V1.ManagerMessage message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(V1.ManagerMessage message, CancellationToken cancellationToken)
    {
        if (_gate is { } gate) await gate.Task.WaitAsync(cancellationToken);
        _told.Enqueue(message);
    }
}
