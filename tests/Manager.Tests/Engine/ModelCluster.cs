// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Engine;

/// <summary>A whole cluster in virtual time around the real engine: agents, a registry, Consul's gossip. Every turn is checked.</summary>
public sealed class ModelCluster
{
    private readonly List<ClusterEvent> inbox = [];
    private long ticket;
    private long sessions;
    private DateTimeOffset? nextDue;

    public ModelCluster(int nodes = 3, Func<int, NodeRecord, NodeRecord>? shape = null)
    {
        var records = Enumerable.Range(1, nodes).Select(i => (shape ?? ((_, node) => node))(i, NodeNumber(i))).ToList();
        Load(ClusterStateBuilder.Build(new StoredCluster
        {
            Meta = new ClusterMeta(new ClusterId(1), 1, "test", Epoch),
            Version = new StateVersion(1, 10, 0),
            NextServiceId = 1, NextNodeOrdinal = nodes + 1, NextRequest = 1,
            Nodes = records,
        }));
    }

    public static DateTimeOffset Epoch { get; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public DateTimeOffset Now { get; private set; } = Epoch;

    public ClusterState State { get; private set; } = null!;

    public SortedDictionary<NodeId, ModelAgent> Agents { get; } = [];

    public SortedDictionary<string, ImageBehaviour> Images { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, ImageAnswer> Registry { get; } = new(StringComparer.Ordinal);

    public SortedSet<NodeId> TakenPorts { get; } = [];

    public SortedDictionary<NodeId, string> LocalImages { get; } = [];

    public bool MuteImages { get; set; }

    /// <summary>What agents have and pull before a rollout.</summary>
    public ModelPulls Pulls { get; } = new();

    /// <summary>How hooks end on agents that know them.</summary>
    public ModelHooks Hooks { get; } = new();

    public List<MutationReply> Replies { get; } = [];

    public List<StateChange> Changes { get; } = [];

    /// <summary>What agents were told to begin and to stop, and when: what was really done to containers.</summary>
    public List<(DateTimeOffset At, ServiceId Service, string Deed)> Told { get; } = [];

    public int MostChangesInATurn { get; private set; }

    public static NodeId Id(int number) => new((UInt128)number);

    public static NodeRecord NodeNumber(int number) => new()
    {
        Id = Id(number), Name = $"h{number}", Ordinal = number, Address = $"192.0.2.{number}", JoinedAt = Epoch,
        Facts = new NodeFacts { Hostname = $"h{number}", Os = "linux", Arch = "amd64", CpuNano = 4_000_000_000, MemoryBytes = 8L << 30 },
    };

    /// <summary>All agents connect and the term settles.</summary>
    public ModelCluster Up()
    {
        ObserveSerf();
        foreach (var agent in Agents.Values.Where(agent => agent.IsPowered)) Connect(agent.Node);
        Run(TimeSpan.FromSeconds(2));
        return this;
    }

    public void Send(ClusterEvent happened) => inbox.Add(happened);

    public void Connect(NodeId node)
    {
        var agent = Agents[node];
        agent.IsConnected = true;
        agent.Session = ++sessions;
        var facts = State.Nodes[node].Facts ?? NodeNumber((int)node.Value).Facts!;
        Send(new ClusterEvent.NodeConnected(node, agent.Session, facts, agent.EngineUp, agent.Report)
        {
            CanPull = !Pulls.OldAgents.Contains(node), KnowsColours = !Pulls.OldAgents.Contains(node),
            CanRunHooks = !Hooks.OldAgents.Contains(node),
        });
    }

    public void Disconnect(NodeId node)
    {
        Agents[node].IsConnected = false;
        Send(new ClusterEvent.NodeDisconnected(node, Agents[node].Session));
    }

    public void Kill(int number) => KillNode(Id(number));

    public void KillNode(NodeId node)
    {
        var wasConnected = Agents[node].IsConnected;
        Agents[node].PowerOff();
        if (wasConnected) Disconnect(node);
        ObserveSerf();
    }

    public void Revive(int number) => ReviveNode(Id(number));

    public void ReviveNode(NodeId node)
    {
        Agents[node].IsPowered = true;
        ObserveSerf();
        Connect(node);
    }

    /// <summary>A machine joins under the name, with a token of its own, and its agent comes.</summary>
    public void Join(string name, int number)
    {
        var token = new TokenRecord
        {
            Id = $"t{number}", SecretHash = new byte[] { 1, 2 }, IsManager = false, ExpiresAt = Now.AddHours(1), UsesLeft = 1,
            CreatedBy = "olga", CreatedAt = Now,
        };
        Assert.IsType<MutationResult.Accepted>(Ask((n, origin) => new ClusterEvent.CreateToken(n, origin, token)));
        var record = NodeNumber(number) with { Name = name, Facts = null };
        Assert.IsType<MutationResult.Accepted>(
            Ask((n, origin) => new ClusterEvent.JoinNode(n, origin, token.Id, token.SecretHash, record)));
        Agents[record.Id] = new ModelAgent(this, record.Id);
        ObserveSerf();
        Connect(record.Id);
    }

    public void ObserveSerf() =>
        Send(new ClusterEvent.SerfObserved(Agents.Values.ToImmutableSortedDictionary(agent => agent.Node, agent => agent.IsPowered)));

    /// <summary>A new leader reads what is stored; every agent has to connect again.</summary>
    public void ChangeLeader() => Take(ClusterStateBuilder.Store(State));

    /// <summary>As <see cref="ChangeLeader"/>, with what is stored as given.</summary>
    public void Take(StoredCluster stored)
    {
        inbox.Clear();
        Load(ClusterStateBuilder.Build(stored with { Version = new StateVersion(1, stored.Version.Term + 1, 0) }));
        ObserveSerf();
        foreach (var agent in Agents.Values.Where(agent => agent.IsPowered && agent.IsConnected)) Connect(agent.Node);
    }

    public MutationResult Ask(Func<long, MutationOrigin, ClusterEvent.Mutation> mutation, string? requestId = null, string method = "m")
    {
        var number = ++ticket;
        Send(mutation(number, new MutationOrigin(requestId ?? $"r{number}", "olga", method)));
        for (var turns = 0; turns < 500; turns++)
        {
            Turn();
            if (Replies.Find(reply => reply.Ticket == number) is { } reply) return reply.Result;
        }

        throw new InvalidOperationException("the mutation was never answered");
    }

    public MutationResult Apply(ServiceSpec spec, bool force = false, ApplyExpectation expect = ApplyExpectation.Any, int revision = 0) =>
        Ask((n, origin) => new ClusterEvent.ApplyService(n, origin, SpecHasher.Accept(spec), expect, revision, force));

    public MutationResult Scale(string name, int replicas) =>
        Ask((n, origin) => new ClusterEvent.ScaleServices(n, origin, [(ServiceName.Parse(name), replicas)], null));

    public MutationResult RollBack(string name, int revision = 0) =>
        Ask((n, origin) => new ClusterEvent.RollBackService(n, origin, ServiceName.Parse(name), revision, null));

    public MutationResult Control(string name, RolloutOrder order) =>
        Ask((n, origin) => new ClusterEvent.ControlRollout(n, origin, ServiceName.Parse(name), order, 0));

    public MutationResult Remove(params string[] names) =>
        Ask((n, origin) => new ClusterEvent.RemoveServices(n, origin, [.. names.Select(ServiceName.Parse)]));

    public MutationResult SetAvailability(string node, NodeAvailability availability) =>
        Ask((n, origin) => new ClusterEvent.UpdateNode(n, origin, node, Maps.Empty, [], availability));

    public ServiceRecord Service(string name) => State.Find(ServiceName.Parse(name))!;

    public IReadOnlyList<AllocationRecord> Live(string name) =>
        [.. State.Allocations.GetValueOrDefault(Service(name).Id, SlotMap.Empty).BySlot.Values.SelectMany(r => r)
            .Where(r => r.IsLive && !State.IsKept(r))];

    public int Available(string name) => Live(name).Count(record => record.IsWanted && State.IsAvailable(record));

    /// <summary>Takes turns and lets time pass until nothing is due within the span.</summary>
    public void Run(TimeSpan span)
    {
        var end = Now + span;
        while (true)
        {
            Settle();
            var next = Earliest(Agents.Values.Select(agent => agent.NextDue).Append(nextDue).Append(Pulls.NextDue(State, CanAnswer)));
            if (next is null || next > end) break;
            Now = next > Now ? next.Value : Now;
        }

        Now = end;
        Settle();
    }

    /// <summary>One turn, checked; then agents hear of it.</summary>
    public StepResult Turn()
    {
        var events = inbox.ToArray();
        inbox.Clear();
        var before = State;
        var result = ClusterEngine.Step(State, events, Now);
        State = result.State;
        nextDue = result.NextDue;
        Replies.AddRange(result.Replies);
        Changes.AddRange(result.Changes);
        MostChangesInATurn = Math.Max(MostChangesInATurn, result.Changes.Length);
        Assert.True(result.Changes.Length <= StateChange.MaxPerTurn);
        Assert.True(result.Changes.Sum(BytesOf) <= StateChange.MaxBytesPerTurn, "the turn is too large");
        Assert.Equal(result.Changes.IsEmpty ? before.Version : before.Version with { Number = before.Version.Number + 1 }, State.Version);
        Assert.Empty(StateInvariants.CheckStep(before, State));
        foreach (var agent in Agents.Values.Where(agent => agent is { IsConnected: true, IsPowered: true })) agent.Assign(State, Now);
        return result;
    }

    private void Settle()
    {
        for (var turns = 0; turns < 2000; turns++)
        {
            foreach (var agent in Agents.Values)
            {
                var report = agent.Advance(Now);
                if (agent.IsConnected && !report.IsEmpty) Send(new ClusterEvent.AgentReported(agent.Node, agent.Session, agent.EngineUp,
                    null, report));
            }

            AnswerImages();
            foreach (var answer in Pulls.Answers(State, Now, CanAnswer)) Send(answer);
            if (inbox.Count == 0 && !(nextDue <= Now)) return;
            Turn();
        }

        throw new InvalidOperationException("the engine never comes to rest");
    }

    private bool CanAnswer(NodeId node) => Agents.TryGetValue(node, out var one) && one is { IsConnected: true, EngineUp: true };

    private void AnswerImages()
    {
        if (MuteImages) return;
        foreach (var query in State.ImageQueries.Values)
            foreach (var node in query.AskedNodes.Where(node => !query.Answers.ContainsKey(node) && Agents.TryGetValue(node, out var agent)
                && agent.IsConnected))
            {
                var answer = Registry.GetValueOrDefault(query.Image) ?? new ImageAnswer($"sha256:{query.Image.Length:x}-{query.Image}", "",
                    null);
                if (!query.RegistryNodes.Contains(node)) answer = answer with { Digest = "", Failure = null };
                if (LocalImages.TryGetValue(node, out var image)) answer = answer with { LocalImageId = image };
                Send(new ClusterEvent.ImageAnswered(node, query.Number, answer));
            }
    }

    private void Load(ClusterState loaded)
    {
        State = ClusterEngine.StartTerm(loaded, Now);
        nextDue = Now;
        foreach (var node in State.Nodes.Keys)
            if (!Agents.ContainsKey(node)) Agents[node] = new ModelAgent(this, node);
    }

    private static int BytesOf(StateChange change) => change switch
    {
        StateChange.PutRevision put => SizeEstimate.Of(put.Revision),
        StateChange.PutRelease put => SizeEstimate.Of(put.Release),
        StateChange.PutReleaseEntry put => SizeEstimate.Of(put.Entry),
        StateChange.PutRequest put => SizeEstimate.Of(put.Request),
        _ => 0,
    };

    private static DateTimeOffset? Earliest(IEnumerable<DateTimeOffset?> times) => times.Min();
}
