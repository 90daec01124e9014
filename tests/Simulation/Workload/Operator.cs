// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using ClusterManager.Manager.Engine;
using ClusterManager.Model;
using ClusterManager.Simulation.Core;
using ClusterManager.Simulation.Managers;

namespace ClusterManager.Simulation.Workload;

/// <summary>
/// Asks for changes and remembers what it was promised. A call whose answer does not come is made again with the same request id, at
/// another
/// manager; calls overtake each other.
/// </summary>
internal sealed class Operator
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly SimulatedCluster _cluster;
    private readonly SeededStream _chance;
    private readonly SpecMaker _specs;
    private readonly Membership _members;
    private readonly RolloutOrders _rollouts;
    private readonly Replacements _replacements;
    private readonly StackOrders _stacks;
    private int _requests;
    private bool _isOver;

    public Operator(SimulatedCluster cluster)
    {
        _cluster = cluster;
        _chance = new SeededStream(cluster.Seed, "work");
        _specs = new SpecMaker(
            _chance, new SeededStream(cluster.Seed, "policies"), new SeededStream(cluster.Seed, "followings"),
            new SeededStream(cluster.Seed, "hooks"), new SeededStream(cluster.Seed, "colours"), () => cluster.Mix.BadImages);
        _rollouts = new RolloutOrders(cluster, new SeededStream(cluster.Seed, "rollouts"), this);
        _replacements = new Replacements(cluster, new SeededStream(cluster.Seed, "replacements"), this);
        _stacks = new StackOrders(cluster, new SeededStream(cluster.Seed, "stacks"), this);
        _members = new Membership(cluster, new SeededStream(cluster.Seed, "members"), this);
        cluster.Timeline.After(TimeSpan.FromSeconds(3), Next);
    }

    /// <summary>What each service was last asked to be.</summary>
    public SortedDictionary<string, ServiceSpec> Wanted { get; } = new(StringComparer.Ordinal);

    /// <summary>Mutations that were answered.</summary>
    public int Answered { get; private set; }

    /// <summary>Calls that still wait.</summary>
    public int Outstanding { get; private set; }

    /// <summary>No more wishes; those that wait are still asked for.</summary>
    public void Stop() => _isOver = _rollouts.IsOver = _replacements.IsOver = _stacks.IsOver = true;

    /// <summary>No rollout is paused.</summary>
    public void ResumeAll() => _rollouts.ResumeAll();

    /// <summary>Every machine is a member.</summary>
    public void JoinAll() => _members.JoinAll();

    /// <summary>All nodes may be used.</summary>
    public void OpenNodes()
    {
        foreach (var host in _cluster.Hosts.Where(host => host.IsMember)) SetNode(host.Name, NodeAvailability.Active, null);
    }

    /// <summary>Every service is deployed anew with an image that is good; what is not wanted any more is removed.</summary>
    public void DeployAll()
    {
        foreach (var (name, spec) in Wanted.ToArray())
        {
            Wanted[name] = _specs.MakeGood(spec);
            var accepted = SpecMaker.Accept(Wanted[name]);
            DeployAnew(name, accepted);
        }

        foreach (var name in SpecMaker.Names.Where(name => !Wanted.ContainsKey(name)))
            Ask($"removes {name}", (ticket, origin) => new ClusterEvent.RemoveServices(ticket, origin, [ServiceName.Parse(name)]));
    }

    // A service that is still being removed can not be made again yet: the operator waits and asks again.
    private void DeployAnew(string name, AcceptedSpec accepted) => Ask(
        $"deploys {name} anew", (ticket, origin) => new ClusterEvent.ApplyService(ticket, origin, accepted, ApplyExpectation.Any, 0,
            Force: true),
        isAccepted =>
        {
            if (!isAccepted) _cluster.Timeline.After(TimeSpan.FromSeconds(5), () => DeployAnew(name, accepted));
        });

    private void Next()
    {
        if (_isOver) return;
        switch (_chance.Below(24))
        {
            case < 9: Deploy(); break;
            case < 13: Scale(); break;
            case < 15: Remove(); break;
            case < 18: SetNode(_chance.Pick(_cluster.Hosts).Name, _chance.Pick([NodeAvailability.Active, NodeAvailability.Active,
                NodeAvailability.Drained, NodeAvailability.Paused]), null); break;
            case < 19: SetNode(_chance.Pick(_cluster.Hosts).Name, null, _chance.Pick(["a", "b"])); break;
            case < 21: _members.Change(); break;
            case < 22: DeployStack(); break;
            case < 23: RemoveStack(); break;
            default: Ask("confirms the loss", (ticket, origin) => new ClusterEvent.ConfirmLoss(ticket, origin)); break;
        }

        _cluster.Timeline.After(_chance.Exponential(_cluster.Mix.WorkMean), Next);
    }

    private void Deploy()
    {
        var spec = _specs.Make(_chance.Pick(SpecMaker.Names), _cluster.Hosts.Count);
        Wanted[spec.Name.Display] = spec;
        var accepted = SpecMaker.Accept(spec);
        var isForced = _chance.Chance(0.1);
        Ask($"deploys {spec.Name.Display} x{spec.Replicas} {spec.Container.Image}",
            (ticket, origin) => new ClusterEvent.ApplyService(ticket, origin, accepted, ApplyExpectation.Any, 0, isForced));
    }

    private void Scale()
    {
        var replicated = Wanted.Values.Where(spec => spec.Mode == ServiceMode.Replicated).ToList();
        if (replicated.Count == 0) return;
        var spec = _chance.Pick(replicated) with { Replicas = _chance.Below(6) };
        Wanted[spec.Name.Display] = spec;
        Ask($"scales {spec.Name.Display} to {spec.Replicas}",
            (ticket, origin) => new ClusterEvent.ScaleServices(ticket, origin, [(spec.Name, spec.Replicas!.Value)], null));
    }

    private void Remove()
    {
        if (Wanted.Count == 0) return;
        var name = _chance.Pick(Wanted.Keys.ToList());
        Wanted.Remove(name);
        Ask($"removes {name}", (ticket, origin) => new ClusterEvent.RemoveServices(ticket, origin, [ServiceName.Parse(name)]));
    }

    private void SetNode(string node, NodeAvailability? availability, string? zone) => Ask($"sets {node} {availability}{zone}",
        (ticket, origin) => new ClusterEvent.UpdateNode(
            ticket, origin, node, zone is null
                ? Maps.Empty : Maps.Empty.Add("zone", zone), ImmutableSortedSet<string>.Empty, availability));

    // All services of the stack at once; what was there and is no longer named goes.
    private void DeployStack()
    {
        var specs = SpecMaker.StackNames.Where(_ => _chance.Chance(0.6)).Select(name => _specs.Make(name, _cluster.Hosts.Count)).ToList();
        if (specs.Count == 0) return;
        foreach (var name in SpecMaker.StackNames) Wanted.Remove(name);
        foreach (var spec in specs) Wanted[spec.Name.Display] = spec;
        var (accepted, isPruning, keeps) = (_stacks.Ordered(specs).Select(SpecMaker.Accept).ToImmutableArray(), _stacks.IsPruning(),
            _stacks.Keeps());
        Ask($"deploys stack {SpecMaker.Stack} of {specs.Count} services",
            (ticket, origin) => new ClusterEvent.DeployStack(ticket, origin, SpecMaker.Stack, accepted, isPruning) { Keeps = keeps });
        _stacks.MayBringBack();
    }

    private void RemoveStack()
    {
        foreach (var name in SpecMaker.StackNames) Wanted.Remove(name);
        Ask($"removes stack {SpecMaker.Stack}", (ticket, origin) => new ClusterEvent.RemoveStack(ticket, origin, SpecMaker.Stack));
    }

    /// <summary>Asks until it is answered.</summary>
    /// <param name="what">For the story.</param>
    /// <param name="make">Makes the mutation.</param>
    /// <param name="onAnswer">Told whether it was accepted; false too when nobody answered for minutes.</param>
    public void Ask(string what, Func<long, MutationOrigin, ClusterEvent.Mutation> make, Action<bool>? onAnswer = null)
    {
        var request = string.Create(CultureInfo.InvariantCulture, $"request-{++_requests}");
        Outstanding++;
        _cluster.Trace.Tell("operator", $"{what} ({request})");
        Try(request, make, onAnswer ?? (static _ => { }), tries: 0);
    }

    private void Try(string request, Func<long, MutationOrigin, ClusterEvent.Mutation> make, Action<bool> onAnswer, int tries)
    {
        var isAnswered = false;
        _cluster.Timeline.After(_chance.Between(1, 200), () =>
        {
            if (LeaderByAny() is { } term)
                term.Manager.Process.Run(() => term.Submit(ticket => make(ticket, new MutationOrigin(request, "olga", "m")), Answer));
        });
        _cluster.Timeline.After(Patience, () =>
        {
            if (isAnswered) return;
            isAnswered = true;
            if (tries < 40)
            {
                Try(request, make, onAnswer, tries + 1);
                return;
            }

            Outstanding--;
            onAnswer(false);
        });

        void Answer(MutationResult result)
        {
            if (_cluster.Faults.CountIf("operator's answer lost", _chance.Chance(_cluster.Mix.LostAnswers))) return;
            _cluster.Timeline.After(_chance.Between(1, 50), () =>
            {
                if (isAnswered) return;
                isAnswered = true;
                Outstanding--;
                Answered++;
                if (result is MutationResult.Refused refused) _cluster.Trace.Tell("operator", $"{request} is refused: {refused.Text}");
                onAnswer(result is not MutationResult.Refused);
            });
        }
    }

    // A manager that leads, or thinks so.
    private SimulatedTerm? LeaderByAny()
    {
        var terms = _cluster.ManagerHosts.Select(host => host.Manager?.Term).OfType<SimulatedTerm>().ToList();
        return terms.Count == 0 ? null : _chance.Pick(terms);
    }
}
