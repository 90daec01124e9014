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
    private readonly SortedDictionary<string, ServiceSpec> wanted = new(StringComparer.Ordinal);

    public ModelCluster Cluster { get; } = new ModelCluster(Nodes).Up();

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
            Assert.IsType<MutationResult.Accepted>(Cluster.Apply(spec, NeedsForce(spec)));
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
        if (service.Rollout.State == RolloutState.Failed) return true;
        var newest = Cluster.State.Allocations.GetValueOrDefault(service.Id, SlotMap.Empty).BySlot.Values.Select(records => records[^1]);
        return newest.Any(record => record.Desired == DesiredState.Run
            && (!record.IsLive || Cluster.State.Observations.GetValueOrDefault(record.Id)
                is { Reason: not null } or { State: AllocationState.Pulling }));
    }

    private void CheckService(ServiceSpec spec)
    {
        var service = Cluster.State.Find(spec.Name)!;
        Assert.True(service.Rollout.State == RolloutState.Succeeded, $"{spec.Name}: {service.Rollout}");
        var replicas = spec.Mode == ServiceMode.Global ? Nodes : spec.Replicas!.Value;
        Assert.Equal(replicas, Cluster.Available(spec.Name.Display));
        Assert.Equal(replicas, Cluster.Live(spec.Name.Display).Count);
        Assert.DoesNotContain(service.Id, Cluster.State.Gaps.Keys);
    }

    private void Do(int choice)
    {
        var (what, which, extra) = (choice % 16, choice / 16 % 16, choice / 256 % 16);
        var node = (which % Nodes) + 1;
        switch (what)
        {
            case 0 or 1 or 2: Deploy(which, extra); break;
            case 3: ScaleTo(which, extra); break;
            case 4: RemoveService(which); break;
            case 5: if (Cluster.Agents[ModelCluster.Id(node)].IsPowered) Cluster.Kill(node); break;
            case 6 or 7: Return(node); break;
            case 8: if (Cluster.Agents[ModelCluster.Id(node)].IsConnected) Cluster.Disconnect(ModelCluster.Id(node)); break;
            case 9: Cluster.ChangeLeader(); break;
            case 10: Cluster.SetAvailability($"h{node}", (NodeAvailability)((extra % 3) + 1)); break;
            case 11: Cluster.Images[ImageOf(which % 4)] = Behaviours[extra % Behaviours.Length]; break;
            case 12: Cluster.Ask((n, origin) => new ClusterEvent.ConfirmLoss(n, origin)); break;
            case 13: Cluster.Run(TimeSpan.FromMilliseconds(50 * extra)); break;
            default: Cluster.Run(TimeSpan.FromSeconds(which * (extra + 1) / 3.0)); break;
        }
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
        wanted[name] = spec with { ProgressDeadline = TimeSpan.FromSeconds(90) };
        Assert.IsType<MutationResult.Accepted>(Cluster.Apply(wanted[name], force: extra == 15));
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
        var agent = Cluster.Agents[ModelCluster.Id(node)];
        if (!agent.IsPowered) Cluster.Revive(node);
        else if (!agent.IsConnected) Cluster.Connect(agent.Node);
    }

    private static string ImageOf(int number) => string.Create(CultureInfo.InvariantCulture, $"registry.test:5000/app:{number}");
}
