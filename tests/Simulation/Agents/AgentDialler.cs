// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Node;
using ClusterManager.Agent.Session;
using ClusterManager.Hosting.Time;
using ClusterManager.Model;
using ClusterManager.Simulation.Network;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Simulation.Agents;

/// <summary>
/// A model of the agent's session loop and sessions: dials, greets, reports, applies; the wire messages, their mapping, the version gate
/// and the
/// status reporter are the agent's own.
/// </summary>
internal sealed class AgentDialler(SimulatedCluster cluster, SimulatedAgent agent)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan BatchDelay = TimeSpan.FromMilliseconds(50);
    private static readonly Backoff Failures = new() { First = TimeSpan.FromMilliseconds(200), Cap = TimeSpan.FromSeconds(5) };
    private SimulatedStream<V1.AgentMessage, V1.ManagerMessage>? _stream;
    private Action _stopReporting = static () => { };
    private StatusReporter? _reporter;
    private ImageResolver? _images;
    private TimeSpan _lastHeard;
    private int _number;
    private int _next;
    private int _failures;
    private int _redirects;
    private int _sessions;
    private string? _redirect;

    /// <summary>A manager has said welcome and the session lasts.</summary>
    public bool IsEstablished { get; private set; }

    /// <summary>Dials the next manager, or the one that was named.</summary>
    public void Dial()
    {
        var number = ++_number;
        var managers = cluster.ManagerHosts;
        var to = managers.FirstOrDefault(host => host.ManagerAddress == _redirect) ?? managers[_next++ % managers.Count];
        _redirect = null;
        _lastHeard = Now;
        IsEstablished = false;
        _stream = cluster.Dial(agent, to, out var isRefused);
        if (_stream is null)
        {
            agent.Process.After(isRefused ? TimeSpan.FromMilliseconds(5) : Deadline, () => End(number, "nobody answers", null));
            return;
        }

        _stream.OnDown = message => Take(number, message);
        _stream.OnDownClosed = () => End(number, "the manager ended the session", null);
        _reporter = new StatusReporter(agent.Context);
        _images = new ImageResolver(agent.Host.Engine);
        _stream.SendUp(new V1.AgentMessage { Hello = Hello() });
        WatchSilence(number);
    }

    private TimeSpan Now => agent.Runners.Clock.Now;

    private V1.Hello Hello()
    {
        var engine = agent.Context.Engine.Status.Current;
        return new V1.Hello
        {
            ProtocolMin = 1, ProtocolMax = 1, NodeId = agent.Host.Node.ToString(), ClusterId = SimulatedCluster.Id.ToString(),
            Applied = agent.Book.Version.ToWire(), Facts = Describe(engine), EngineUp = engine.IsUp, ConsulNode = agent.Host.Name,
            Allocations = { _reporter!.All() },
        };
    }

    // Before the engine has answered once, the agent describes the machine that it runs on: here, the simulated one.
    private V1.NodeFacts Describe(EngineStatus engine)
    {
        var facts = NodeDescription.Of(agent.Runners.Node, engine).ToWire();
        facts.Hostname = agent.Host.Name;
        facts.CpuNano = 4_000_000_000;
        facts.MemoryBytes = 8L << 30;
        return facts;
    }

    private void Take(int number, V1.ManagerMessage message)
    {
        if (number != _number) return;
        _lastHeard = Now;
        switch (message.BodyCase)
        {
            case V1.ManagerMessage.BodyOneofCase.Welcome:
                Welcome(number, message.Welcome);
                break;
            case V1.ManagerMessage.BodyOneofCase.NotLeader:
                End(number, "not the leader", message.NotLeader.Address);
                break;
            case V1.ManagerMessage.BodyOneofCase.Rejected:
                End(number, $"rejected: {message.Rejected.Text}", null);
                break;
            case V1.ManagerMessage.BodyOneofCase.Assignments:
                Assign(number, message.Assignments);
                break;
            case V1.ManagerMessage.BodyOneofCase.ResolveImage:
                agent.Own(ResolveAsync(number, message.ResolveImage), "image resolver");
                break;
        }
    }

    private void Welcome(int number, V1.Welcome welcome)
    {
        var verdict = VersionGate.JudgeLeader(agent.Book.Version, agent.ConfirmedIncarnation, welcome.Version.ToModel());
        if (verdict != GateVerdict.Accept)
        {
            End(number, $"refused the leader at {welcome.Version.ToModel()}: {verdict}", null);
            return;
        }

        IsEstablished = true;
        cluster.Trace.Tell(agent.Host.Name, $"session established, the leader is at {welcome.Version.ToModel()}");
        var ending = new CancellationTokenSource();
        _stopReporting = ending.Cancel;
        agent.Own(ReportAsync(number, _reporter!, ending.Token), "reporter");
        Beat(number, 1);
    }

    private void Assign(int number, V1.Assignments wire)
    {
        var update = wire.ToModel()!;
        var before = agent.Book;
        var verdict = agent.Apply(update);
        if (verdict is not (GateVerdict.Accept or GateVerdict.NeedComplete))
        {
            End(number, $"refused {update.To}: {verdict}", null);
            return;
        }

        if (verdict == GateVerdict.Accept)
        {
            if (!before.Items.SequenceEqual(agent.Book.Items))
                cluster.Trace.Tell(agent.Host.Name, $"applies {update.To} ({(update.IsComplete ? "complete" : "incremental")}): "
                    + $"{string.Join(", ", agent.Book.Items.Values.Select(a => $"{a.Id}={a.Desired}"))}");
            agent.Own(agent.Supervisor.PostAsync(new SupervisorMessage.Assigned(agent.Book, IsFromManager: true), CancellationToken.None),
                "supervisor's mailbox");
        }

        Send(number, new V1.AgentMessage
        {
            Applied = new V1.AssignmentsApplied { Version = agent.Book.Version.ToWire(),
                NeedComplete = verdict == GateVerdict.NeedComplete },
        });
    }

    private async Task ResolveAsync(int number, V1.ResolveImage request) =>
        Send(number, new V1.AgentMessage { ImageResolution = await _images!.ResolveAsync(request, CancellationToken.None) });

    private async Task ReportAsync(int number, StatusReporter reporter, CancellationToken ending)
    {
        var views = agent.Runners.Board.Subscribe();
        var passing = agent.Context.Discovery.Applied.Subscribe();
        var engine = agent.Context.Engine.Status.Subscribe();
        while (!ending.IsCancellationRequested && number == _number)
        {
            if (reporter.Next() is { } report)
            {
                if (report.Facts is not null) report.Facts = Describe(agent.Context.Engine.Status.Current);
                Send(number, new V1.AgentMessage { Status = report });
            }

            using var wait = CancellationTokenSource.CreateLinkedTokenSource(ending);
            await Task.WhenAny(views.NextAsync(wait.Token).AsTask(), passing.NextAsync(wait.Token).AsTask(),
                engine.NextAsync(wait.Token).AsTask());
            wait.Cancel();
            if (!ending.IsCancellationRequested) await Task.Delay(BatchDelay, agent.Process.Time, CancellationToken.None);
        }
    }

    private void Beat(int number, long sequence)
    {
        if (number != _number) return;
        Send(number, new V1.AgentMessage { Heartbeat = new V1.AgentHeartbeat { Sequence = sequence,
            EngineUp = agent.Context.Engine.Status.Current.IsUp } });
        agent.Process.After(Heartbeat, () => Beat(number, sequence + 1));
    }

    private void Send(int number, V1.AgentMessage message)
    {
        if (number != _number) return;
        if (message.BodyCase != V1.AgentMessage.BodyOneofCase.Heartbeat) cluster.Judge.Messages++;
        _stream!.SendUp(message);
    }

    private void WatchSilence(int number)
    {
        if (number != _number) return;
        var left = Deadline - (Now - _lastHeard);
        if (left <= TimeSpan.Zero) End(number, "the manager was silent", null);
        else agent.Process.After(left + TimeSpan.FromMilliseconds(1), () => WatchSilence(number));
    }

    private void End(int number, string why, string? redirect)
    {
        if (number != _number) return;
        _number++;
        _stopReporting();
        _stream?.CloseUp();
        if (IsEstablished) cluster.Trace.Tell(agent.Host.Name, $"session ended: {why}");
        var wasEstablished = IsEstablished;
        IsEstablished = false;
        _redirect = redirect is { Length: > 0 } && _redirects < 3 ? redirect : null;
        _redirects = _redirect is null ? 0 : _redirects + 1;
        agent.Process.After(WaitAfter(wasEstablished), Dial);
    }

    private TimeSpan WaitAfter(bool wasEstablished)
    {
        var node = agent.Host.Node.ToString();
        if (_redirect is not null) return TimeSpan.Zero;
        if (wasEstablished)
        {
            _failures = 0;
            return TimeSpan.FromMilliseconds(500) * StableHash.UnitInterval(node, ++_sessions);
        }

        _failures++;
        return Failures.After(node, 1 + (_failures / Math.Max(cluster.ManagerHosts.Count, 1)));
    }
}
