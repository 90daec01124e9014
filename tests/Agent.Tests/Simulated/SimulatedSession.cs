// SPDX-License-Identifier: Apache-2.0
using System.Threading.Channels;
using ClusterManager.Agent.Session;
using ClusterManager.Model;
using ClusterManager.Wire;
using ClusterManager.Wire.V1;
using StateVersion = ClusterManager.Model.StateVersion;

namespace ClusterManager.Agent.Tests.Simulated;

/// <summary>One session as the manager sees it.</summary>
internal sealed class SimulatedSession(string address) : ISessionConnection
{
    private readonly Channel<ManagerMessage> _toAgent = Channel.CreateUnbounded<ManagerMessage>();

    public string Address { get; } = address;

    public List<AgentMessage> Received { get; } = [];

    public List<LogUpload> Logs { get; } = [];

    public bool AreLogsComplete { get; private set; }

    public bool IsOpen { get; private set; } = true;

    public IEnumerable<AllocationStatus> Statuses => Received.Where(m => m.Status is not null).SelectMany(m => m.Status.Allocations);

    public IEnumerable<AssignmentsApplied> Applied => Received.Select(m => m.Applied).Where(a => a is not null);

    public void Say(ManagerMessage message) => _toAgent.Writer.TryWrite(message);

    /// <summary>Answers the agent's questions for credentials; null: such questions are not understood.</summary>
    public Func<AuthRequest, AuthAnswer?>? Auths { get; set; }

    /// <summary>Answers the agent's questions for what is kept; null: such questions are not understood.</summary>
    public Func<KeepQuestion, KeepAnswer?>? Keeps { get; set; }

    public void Welcome(StateVersion version) => Say(new ManagerMessage
    {
        Welcome = new Welcome
        {
            Protocol = 1, Version = version.ToWire(), AnswersAuth = Auths is not null, AnswersKeep = Keeps is not null,
        },
    });

    public void Beat() => Say(new ManagerMessage { Heartbeat = new ManagerHeartbeat() });

    public void Complete(StateVersion to, params Assignment[] items) =>
        Say(Message(Assignments.Types.Kind.Complete, default, to, items, Make.Cluster));

    public void Incremental(StateVersion from, StateVersion to, params Assignment[] items) =>
        Say(Message(Assignments.Types.Kind.Incremental, from, to, items, Make.Cluster));

    public static ManagerMessage Message(
        Assignments.Types.Kind kind, StateVersion from, StateVersion to, Assignment[] items, ClusterId cluster) => new()
    {
        Assignments = new Assignments
        {
            Kind = kind, FromVersion = from.ToWire(), ToVersion = to.ToWire(), ClusterId = cluster.ToString(), Upserts = { items },
        },
    };

    public static Assignment Wire(AllocationId id, Model.DesiredState desired = Model.DesiredState.Run) => new()
    {
        Id = id.ToWire(),
        Desired = (ClusterManager.Wire.V1.DesiredState)desired,
        Revision = 1,
        Spec = Make.Spec().ToWire(),
        Image = Make.Assignment(id).Image,
        TemplateHash = "t1",
        Auth = new RegistryAuth { Encoded = "c2VjcmV0" },
    };

    public void Break() => _toAgent.Writer.TryComplete();

    public Task SendAsync(AgentMessage message, CancellationToken cancellationToken)
    {
        Received.Add(message);
        if (message.AuthRequest is { } request && Auths?.Invoke(request) is { } answer) Say(new ManagerMessage { AuthAnswer = answer });
        if (message.KeepQuestion is { } question && Keeps?.Invoke(question) is { } kept) Say(new ManagerMessage { KeepAnswer = kept });
        return Task.CompletedTask;
    }

    public async Task<ManagerMessage?> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _toAgent.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw SessionEndedException.Lost("the connection broke");
        }
    }

    public ILogUpload OpenLogUpload(CancellationToken cancellationToken) => new Upload(this);

    public void Dispose() => IsOpen = false;

    private sealed class Upload(SimulatedSession session) : ILogUpload
    {
        public Task SendAsync(LogUpload upload, CancellationToken cancellationToken)
        {
            session.Logs.Add(upload);
            return Task.CompletedTask;
        }

        public Task CompleteAsync(CancellationToken cancellationToken)
        {
            session.AreLogsComplete = true;
            return Task.CompletedTask;
        }

        public void Dispose()
        {
        }
    }
}
