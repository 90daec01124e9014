// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Engine;

/// <summary>
/// A history of deploys, losses and leader changes that a list of numbers decides, and what the cluster must be like when all is well
/// again.
/// </summary>
public sealed class RandomHistory
{
    private const int Nodes = 5;
    private static readonly ImageBehaviour[] Behaviours = Enum.GetValues<ImageBehaviour>();
    /// <summary>Numbers from here on choose among what <see cref="DoWorse"/> knows.</summary>
    public const int Adversary = 4096;

    private readonly Queue<string> removed = [];
    private int lastNode = 100;
    private readonly SortedDictionary<string, ServiceSpec> wanted = new(StringComparer.Ordinal);

    public ModelCluster Cluster { get; } = new ModelCluster(Nodes).Up();

    /// <summary>Images take time to pull, and what is replicated comes in steps that a person may have to approve.</summary>
    public bool IsInSteps { get; init; }

    /// <summary>Everything that was committed, as text.</summary>
    public IEnumerable<string> Log => Cluster.Changes.Select(change => change.ToString())
        .Concat(Cluster.State.Allocations.Values.SelectMany(map => map.BySlot.Values).SelectMany(records => records).Select(record =>
            record.ToString()));

    public RandomHistory Play(IEnumerable<int> choices)
    {
        foreach (var choice in choices) Do(choice);
        return this;
    }

    /// <summary>
    /// Faults end; every service is applied again; the cluster must come to rest with all of it running, and then do nothing.
    /// </summary>
    public void HealAndCheck()
    {
        while (removed.Count > 0) Rejoin();
        foreach (var image in Cluster.Images.Keys.ToList()) Cluster.Images[image] = ImageBehaviour.Good;
        foreach (var agent in Cluster.Agents.Values)
        {
            agent.IsPowered = true;
            if (!agent.IsConnected) Cluster.Connect(agent.Node);
            Cluster.SetAvailability(Cluster.State.Nodes[agent.Node].Name, NodeAvailability.Active);
        }

        Cluster.ObserveSerf();
        Cluster.Run(TimeSpan.FromMinutes(10));
        foreach (var spec in wanted.Values)
        {
            Assert.IsType<MutationResult.Accepted>(Cluster.Apply(spec with { Update = UpdatePolicy.Default }, NeedsForce(spec)));
        }

        Cluster.Run(TimeSpan.FromMinutes(15));
        foreach (var spec in wanted.Values) CheckService(spec);
        Assert.Equal(wanted.Count, Cluster.State.Services.Count);
        Assert.Equal(
            Cluster.State.LiveByNode.Values.Sum(live => live.Count), Cluster.Agents.Values.Sum(agent => agent.Running.Count));
        Cluster.Changes.Clear();
        Cluster.Run(TimeSpan.FromHours(1));
        Assert.Empty(Cluster.Changes);
    }

    /// <summary>
    /// A container is what its image was when it was made: what behaves badly, or has ended, becomes good only by a new one.
    /// </summary>
    private bool NeedsForce(ServiceSpec spec)
    {
        var service = Cluster.State.Find(spec.Name)!;
        if (service.Rollout.State != RolloutState.Succeeded) return true;
        var newest = Cluster.State.Allocations.GetValueOrDefault(service.Id, SlotMap.Empty).BySlot.Values.Select(records => records[^1]);
        return newest.Any(record => record.Desired == DesiredState.Run
            && (!record.IsLive || Cluster.State.Observations.GetValueOrDefault(record.Id)
                is { Reason: not null } or { State: AllocationState.Pulling }));
    }

    private void CheckService(ServiceSpec spec)
    {
        var service = Cluster.State.Find(spec.Name)!;
        Assert.True(service.Rollout.State == RolloutState.Succeeded, $"{spec.Name}: {service.Rollout}");
        var replicas = spec.Mode == ServiceMode.Replicated ? spec.Replicas!.Value : Cluster.State.Nodes.Values.Count(node =>
            spec.Constraints.All(constraint => node.Labels.GetValueOrDefault("edge") != constraint.Value));
        Assert.Equal(replicas, Cluster.Available(spec.Name.Display));
        Assert.Equal(replicas, Cluster.Live(spec.Name.Display).Count);
        Assert.DoesNotContain(service.Id, Cluster.State.Gaps.Keys);
    }

    private void Do(int choice)
    {
        if (choice >= Adversary)
        {
            DoWorse(choice - Adversary);
            return;
        }

        var (what, which, extra) = (choice % 16, choice / 16 % 16, choice / 256 % 16);
        var node = (which % Nodes) + 1;
        switch (what)
        {
            case 0 or 1 or 2: Deploy(which, extra); break;
            case 3: ScaleTo(which, extra); break;
            case 4: RemoveService(which); break;
            case 5: if (AgentOf(node) is { IsPowered: true }) Cluster.KillNode(AgentOf(node)!.Node); break;
            case 6 or 7: Return(node); break;
            case 8: if (AgentOf(node) is { IsConnected: true }) Cluster.Disconnect(AgentOf(node)!.Node); break;
            case 9: Cluster.ChangeLeader(); break;
            case 10 when AgentOf(node) is null: break;
            case 10: Cluster.SetAvailability($"h{node}", (NodeAvailability)((extra % 3) + 1)); break;
            case 11: Cluster.Images[ImageOf(which % 4)] = Behaviours[extra % Behaviours.Length]; break;
            case 12: Cluster.Ask((n, origin) => new ClusterEvent.ConfirmLoss(n, origin)); break;
            case 13: Cluster.Run(TimeSpan.FromMilliseconds(50 * extra)); break;
            default: Cluster.Run(TimeSpan.FromSeconds(which * (extra + 1) / 3.0)); break;
        }
    }

    /// <summary>What was thought out to hurt: it takes operators and faults together.</summary>
    private void DoWorse(int choice)
    {
        var (what, which, extra) = (choice % 8, choice / 8 % 16, choice / 128 % 16);
        switch (what)
        {
            case 0: RemoveNode((which % Nodes) + 1); break;
            case 1: Rejoin(); break;
            case 2: Label($"h{(which % Nodes) + 1}", extra % 2 == 0); break;
            case 3: DeployEdge(extra); break;
            case 4: DeploySamePort(extra); break;
            case 5: LeaderChangeWithin(() => Deploy(which, extra), extra); break;
            case 6: LeaderChangeWithin(() => RemoveService(which), extra); break;
            default: Disturb(which, extra); break;
        }
    }

    /// <summary>A node that is down is forgotten; its machine may come back under the same name as another node.</summary>
    private void RemoveNode(int number)
    {
        if (Cluster.State.Nodes.Values.FirstOrDefault(node => node.Name == $"h{number}") is not { } node) return;
        Cluster.KillNode(node.Id);
        Cluster.Run(TimeSpan.FromSeconds(2));
        if (Cluster.Ask((n, origin) => new ClusterEvent.RemoveNode(n, origin, node.Name)) is MutationResult.Refused) return;
        Cluster.Agents.Remove(node.Id);
        removed.Enqueue(node.Name);
    }

    private void Rejoin()
    {
        if (removed.TryDequeue(out var name)) Cluster.Join(name, ++lastNode);
    }

    private void Label(string node, bool isEdge)
    {
        if (Cluster.State.Nodes.Values.All(known => known.Name != node)) return;
        var set = isEdge ? Maps.Empty : Maps.Of([new("edge", "no")]);
        Cluster.Ask((n, origin) => new ClusterEvent.UpdateNode(n, origin, node, set, isEdge ? ["edge"] : [], null));
    }

    private void DeployEdge(int extra)
    {
        if (Cluster.State.Find(ServiceName.Parse("s4")) is { IsRemoving: true }) return;
        var spec = Specs.Global("s4").With(ImageOf(extra % 4));
        Put(extra % 2 == 0 ? spec : spec.WithConstraint("node.labels.edge != no"), force: false);
    }

    /// <summary>s1 holds the same port.</summary>
    private void DeploySamePort(int extra)
    {
        if (Cluster.State.Find(ServiceName.Parse("s5")) is { IsRemoving: true }) return;
        Put(Specs.Web(extra % 2, ImageOf(extra % 4), "s5").WithFixedPort(), force: false);
    }

    /// <summary>The leader goes some tenths of a second, or some turns, into the change.</summary>
    private void LeaderChangeWithin(Action change, int extra)
    {
        change();
        if (extra % 2 == 0) Cluster.Run(TimeSpan.FromMilliseconds(170 * extra));
        else Cluster.Turn();
        Cluster.ChangeLeader();
    }

    /// <summary>An update is under way when the next order comes.</summary>
    private void Disturb(int which, int extra)
    {
        Deploy(which, extra);
        Cluster.Run(TimeSpan.FromMilliseconds(130 * extra));
        var name = ServiceName.Parse($"s{which % 4}");
        if (IsInSteps && Cluster.State.Find(name) is not null) Cluster.Control(name.Display, (RolloutOrder)((extra % 5) + 1));
        switch (extra % 4)
        {
            case 0: ScaleTo(which % 4, 0); Cluster.Run(TimeSpan.FromMilliseconds(90 * which)); ScaleTo(which % 4, 3); break;
            case 1: Deploy(which, extra + 1); break;
            case 2: RemoveService(which); break;
            default: KillHomes(); break;
        }
    }

    private void KillHomes()
    {
        foreach (var home in Cluster.State.Volumes.Values.Select(volume => volume.Home).Distinct().ToList())
            if (Cluster.Agents.TryGetValue(home, out var agent) && agent.IsPowered) Cluster.KillNode(home);
    }

    private void Put(ServiceSpec spec, bool force)
    {
        var name = spec.Name.Display;
        wanted[name] = spec with { ProgressDeadline = TimeSpan.FromSeconds(90) };
        if (IsInSteps) Slow(name);
        Assert.IsType<MutationResult.Accepted>(Cluster.Apply(wanted[name], force));
    }

    /// <summary>Held for a while, by its name also waiting for a person who may never come; and the image has to be pulled.</summary>
    private void Slow(string name)
    {
        var spec = wanted[name];
        var image = spec.Container.Image;
        var pinned = ClusterManager.Manager.Planning.ImageReference.Pin(image, $"sha256:{image.Length:x}-{image}");
        Cluster.Pulls.Takes[pinned] = TimeSpan.FromSeconds(3);
        Cluster.Pulls.Present.RemoveWhere(have => have.Image == pinned && have.Node.Value % 2 == 0);
        if (spec.Mode == ServiceMode.Global) return;
        GateSpec[] gates = name == "s1" ? [] : [new GateSpec { Kind = GateKind.Approve, Timeout = TimeSpan.FromSeconds(40) }];
        wanted[name] = spec with
        {
            Update = new UpdatePolicy
            {
                Strategy = UpdateStrategy.Canary, Hold = TimeSpan.FromSeconds(7), Gates = [.. gates],
                Steps = [new UpdateStep { Amount = 1 }, new UpdateStep { Amount = 50, IsPercent = true }],
            },
        };
        if (name != "s0" || image.EndsWith('1')) return;
        wanted[name] = spec with
        {
            Ports = [new PortSpec { Mode = PortMode.Dynamic, Target = 80 }],
            Update = new UpdatePolicy
            {
                Strategy = UpdateStrategy.BlueGreen, Hold = TimeSpan.FromSeconds(7), KeepOld = TimeSpan.FromSeconds(10), Gates = [.. gates],
            },
        };
    }

    private void Deploy(int which, int extra)
    {
        var name = $"s{which % 4}";
        if (Cluster.State.Find(ServiceName.Parse(name)) is { IsRemoving: true }) return;
        var spec = (which % 4) switch
        {
            0 => Specs.Web(extra % 6, ImageOf(extra % 4), name),
            1 => Specs.Web(extra % 4, ImageOf(extra % 4), name).WithFixedPort(),
            2 => Specs.Web(extra % 3, ImageOf(extra % 4), name).WithVolume(),
            _ => Specs.Global(name).With(ImageOf(extra % 4)),
        };
        if (spec.Mode == ServiceMode.Global) spec = spec with { Replicas = null };
        var hook = new HookSpec { Command = ["migrate"] };
        if (which % 4 != 2 && extra % 5 == 1) spec = spec with { Update = spec.Update with { PreDeploy = hook } };
        if (which % 4 != 2 && extra % 5 == 2) spec = spec with { Update = spec.Update with { PostDeploy = hook } };
        Put(spec, force: extra == 15);
    }

    private void ScaleTo(int which, int extra)
    {
        var name = $"s{which % 3}";
        if (!wanted.TryGetValue(name, out var spec)) return;
        wanted[name] = spec with { Replicas = extra % 5 };
        Assert.IsType<MutationResult.Accepted>(Cluster.Scale(name, extra % 5));
    }

    private void RemoveService(int which)
    {
        var name = $"s{which % 4}";
        if (wanted.Remove(name)) Assert.IsType<MutationResult.Accepted>(Cluster.Remove(name));
    }

    private void Return(int node)
    {
        if (AgentOf(node) is not { } agent) return;
        if (!agent.IsPowered) Cluster.ReviveNode(agent.Node);
        else if (!agent.IsConnected) Cluster.Connect(agent.Node);
    }

    /// <summary>The agent of the n-th name; null: its node is removed now.</summary>
    private ModelAgent? AgentOf(int number) =>
        Cluster.State.Nodes.Values.FirstOrDefault(node => node.Name == $"h{number}") is { } node ? Cluster.Agents[node.Id] : null;

    private static string ImageOf(int number) => string.Create(CultureInfo.InvariantCulture, $"registry.test:5000/app:{number}");
}
