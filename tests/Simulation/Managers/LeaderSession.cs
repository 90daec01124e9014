// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Simulation.Network;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Simulation.Managers;

/// <summary>A model of one agent's session at the leader; what it says and how it reads reports is the manager's own code.</summary>
internal sealed class LeaderSession(
    SimulatedCluster cluster, SimulatedTerm term, NodeId node, long number, SimulatedStream<V1.AgentMessage, V1.ManagerMessage> stream)
{
    private static readonly TimeSpan FencePause = TimeSpan.FromMilliseconds(50);
    private readonly SortedSet<long> _asked = [];
    private readonly TimeProvider _time = term.Manager.Process.Time;
    private ImmutableSortedDictionary<AllocationId, AssignedAllocation> _sent = AssignmentDiff.Nothing;
    private StateVersion _sentVersion;
    private bool _needComplete = true;
    private bool _isWaitingForFence;
    private bool _isClosed;
    private long _lastHeard;
    private long _heartbeats;

    public NodeId Node => node;

    public long Number => number;

    /// <summary>Tells the engine and the agent, and sends what the state wants.</summary>
    public void Begin(V1.Hello hello)
    {
        _lastHeard = _time.GetTimestamp();
        stream.OnUp = Take;
        stream.OnUpClosed = () => Close("the agent ended it");
        term.Post(new ClusterEvent.NodeConnected(
            node, number, FactsMapping.ToModel(hello.Facts), hello.EngineUp, ReportMapping.ToReports(hello.Allocations,
                _time.GetUtcNow())));
        Send(new V1.ManagerMessage { Welcome = new V1.Welcome { Protocol = 1, Version = term.State.Version.ToWire() } });
        Published();
        Beat();
        WatchSilence();
    }

    /// <summary>There is a newer snapshot.</summary>
    public void Published()
    {
        if (_isClosed || _isWaitingForFence) return;
        if (term.Fence.IsFresh)
        {
            SendState(term.State);
            return;
        }

        _isWaitingForFence = true;
        term.Manager.Process.After(FencePause, () =>
        {
            _isWaitingForFence = false;
            Published();
        });
    }

    /// <summary>Ends it.</summary>
    public void Close(string why)
    {
        if (_isClosed) return;
        _isClosed = true;
        cluster.Trace.Tell(term.Manager.Host.Name, $"session {number} of {cluster.NameOf(node)} ends: {why}");
        stream.CloseDown();
        term.Closed(this);
    }

    private void Take(V1.AgentMessage message)
    {
        if (_isClosed) return;
        _lastHeard = _time.GetTimestamp();
        switch (message.BodyCase)
        {
            case V1.AgentMessage.BodyOneofCase.Status:
                term.Post(new ClusterEvent.AgentReported(
                    node, number, message.Status.EngineUp, message.Status.Facts is { } facts ? FactsMapping.ToModel(facts) : null,
                    ReportMapping.ToReports(message.Status.Allocations, _time.GetUtcNow())));
                break;
            case V1.AgentMessage.BodyOneofCase.ImageResolution:
                var answer = message.ImageResolution;
                term.Post(new ClusterEvent.ImageAnswered(
                    node, answer.Request, new ImageAnswer(answer.Digest, answer.LocalImageId, ReportMapping.ToModel(answer.Failure))));
                break;
            case V1.AgentMessage.BodyOneofCase.Applied when message.Applied.NeedComplete:
                _needComplete = true;
                Published();
                break;
        }
    }

    private void SendState(ClusterState state)
    {
        if (!state.Nodes.ContainsKey(node))
        {
            Send(Messages.Rejected(V1.Rejected.Types.Cause.NodeUnknown, "this node's record was removed from the cluster"));
            Close("the node was removed");
            return;
        }

        var complete = _needComplete;
        var diff = AssignmentDiff.Compute(complete ? AssignmentDiff.Nothing : _sent, state, node);
        if (complete || !diff.IsEmpty)
        {
            _needComplete = false;
            Send(Messages.Assignments(state, complete, _sentVersion, diff));
            _sent = diff.Sent;
            _sentVersion = state.Version;
        }

        _asked.RemoveWhere(query => !state.ImageQueries.ContainsKey(query));
        foreach (var query in state.ImageQueries.Values)
            if (query.AskedNodes.Contains(node) && !query.Answers.ContainsKey(node) && _asked.Add(query.Number))
                Send(new V1.ManagerMessage
                {
                    ResolveImage = new V1.ResolveImage { Request = query.Number, Image = query.Image,
                        AskRegistry = query.RegistryNodes.Contains(node) },
                });
    }

    private void Beat()
    {
        if (_isClosed) return;
        Send(new V1.ManagerMessage { Heartbeat = new V1.ManagerHeartbeat { Sequence = ++_heartbeats, Version = _sentVersion.ToWire() } });
        term.Manager.Process.After(SessionTimings.Heartbeat, Beat);
    }

    private void WatchSilence()
    {
        if (_isClosed) return;
        var silent = _time.GetElapsedTime(_lastHeard);
        if (silent > SessionTimings.Timeout) Close("the agent was silent");
        else term.Manager.Process.After(SessionTimings.Timeout - silent + TimeSpan.FromMilliseconds(1), WatchSilence);
    }

    private void Send(V1.ManagerMessage message)
    {
        if (message.BodyCase != V1.ManagerMessage.BodyOneofCase.Heartbeat) cluster.Judge.Messages++;
        stream.SendDown(message);
    }
}
