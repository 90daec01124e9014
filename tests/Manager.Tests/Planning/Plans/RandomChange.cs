// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.Planning.Plans;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Planning.Plans;

/// <summary>A small cluster at rest and one change of it, both decided by a list of numbers.</summary>
internal sealed class RandomChange
{
    private static readonly TimeSpan HookTime = TimeSpan.FromSeconds(2);

    private static readonly PlanAssumptions AsTheModel =
        new() { Start = ModelAgent.Start, Stop = ModelAgent.Stop, Hook = HookTime, CountsSpec = false };

    private readonly Queue<int> numbers;

    /// <summary>Long enough for every rollout's verdict, a failed one's way back included.</summary>
    public static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(40);

    public RandomChange(IEnumerable<int> choices)
    {
        numbers = new Queue<int>(choices);
        Cluster = new ModelCluster(2 + Next(4), Shape).Up();
        Cluster.Hooks.Takes = HookTime;
        for (var service = 0; service < 3; service++) Cluster.Apply(Any(service));
        Cluster.Run(LongEnough);
        if (Next(3) == 0) Cluster.Apply(Any(Next(3)));
        Cluster.Run(LongEnough);
        if (Next(4) == 0) Cluster.SetAvailability("h1", Next(2) == 0 ? NodeAvailability.Drained : NodeAvailability.Paused);
        Cluster.Run(LongEnough);
        Change = AnyChange();
    }

    public ModelCluster Cluster { get; }

    /// <summary>The node that is drained; null: the change is another one.</summary>
    public NodeId? Drained { get; private set; }

    /// <summary>What is asked for.</summary>
    public Func<long, MutationOrigin, ClusterEvent.Mutation> Change { get; }

    /// <summary>The plan of the change, as the state is now.</summary>
    public PlanResult Plan() => ChangePlanner.Plan(
        Cluster.State, Change(-1, new MutationOrigin(" plan ", "plan", "plan")), Cluster.Now, EngineTimings.Default, AsTheModel);

    /// <summary>A number below the limit; 0 when the list is used up.</summary>
    public int Next(int limit) => numbers.TryDequeue(out var number) ? number % limit : 0;

    /// <summary>A spec of one of three services; the same numbers give the same spec.</summary>
    public ServiceSpec Any(int service)
    {
        var spec = Specs.Web(Next(6), $"registry.test:5000/app:{Next(3)}", $"s{service}");
        spec = service switch
        {
            0 when Next(3) == 0 => spec.WithFixedPort(),
            1 when Next(2) == 0 => spec.WithVolume(),
            2 when Next(4) == 0 => Specs.Global("s2").With($"registry.test:5000/app:{Next(3)}"),
            _ => spec,
        };
        if (Next(4) == 0) spec = spec.Reserving((1L + Next(9)) << 30);
        if (Next(5) == 0) spec = spec.WithConstraint("node.labels.disk == ssd");
        if (Next(4) == 0) spec = spec with { Labels = Maps.Of([new("team", $"t{Next(3)}")]) };
        if (service == 1 && spec.Mode == ServiceMode.Replicated && !spec.NamedVolumes().Any() && Next(3) == 0)
            return Hooked(Coloured(spec));
        return Hooked(spec with { Update = AnyPolicy() });
    }

    /// <summary>Some have hooks; which ones follows from what was drawn already.</summary>
    private static ServiceSpec Hooked(ServiceSpec spec)
    {
        if (!spec.Container.Mounts.IsEmpty) return spec;
        var hook = new HookSpec { Command = ["migrate"] };
        return spec with
        {
            Update = spec.Update with { PreDeploy = spec.Replicas is 2 or 5 ? hook : null, PostDeploy = spec.Replicas is 3 ? hook : null },
        };
    }

    private ServiceSpec Coloured(ServiceSpec spec) => spec with
    {
        Ports = [new PortSpec { Mode = PortMode.Dynamic, Target = 80 }],
        Update = new UpdatePolicy
        {
            Strategy = UpdateStrategy.BlueGreen, Hold = TimeSpan.FromSeconds(3 * Next(3)), KeepOld = TimeSpan.FromSeconds(20 * Next(2)),
        },
    };

    private UpdatePolicy AnyPolicy() => Next(3) > 0 ? UpdatePolicy.Default : new UpdatePolicy
    {
        Parallelism = Next(2) == 0 ? null : 1 + Next(3),
        Order = (UpdateOrder)(1 + Next(3)),
        Delay = TimeSpan.FromSeconds(3 * Next(3)),
        Monitor = Next(2) == 0 ? null : TimeSpan.FromSeconds(2),
        FailureAction = (FailureAction)(1 + Next(3)),
        Strategy = Next(3) == 0 ? UpdateStrategy.Canary : UpdateStrategy.Rolling,
        Steps = [new UpdateStep { Amount = 1 }, new UpdateStep { Amount = 50, IsPercent = true }],
        Hold = TimeSpan.FromSeconds(5),
    };

    private Func<long, MutationOrigin, ClusterEvent.Mutation> AnyChange()
    {
        var name = ServiceName.Parse($"s{Next(3)}");
        switch (Next(10))
        {
            case 8 or 9:
                Drained = Cluster.State.Nodes.Keys.ElementAt(Next(Cluster.State.Nodes.Count));
                var drained = Cluster.State.Nodes[Drained.Value].Name;
                return (ticket, origin) => new ClusterEvent.UpdateNode(
                    ticket, origin, drained, Maps.Empty, [], NodeAvailability.Drained);
            case 0:
                var replicas = Next(9);
                return (ticket, origin) => new ClusterEvent.ScaleServices(ticket, origin, [(name, replicas)], null);
            case 1:
                return (ticket, origin) => new ClusterEvent.RemoveServices(ticket, origin, [name]);
            case 2:
                return (ticket, origin) => new ClusterEvent.RollBackService(ticket, origin, name, 0, null);
            case 3:
                var all = Enumerable.Range(1, 3).Select(service => SpecHasher.Accept(Ordered(service))).ToArray();
                return (ticket, origin) => new ClusterEvent.DeployStack(ticket, origin, "default", [.. all], true);
            case 4 when Cluster.State.Find(name) is { IsRemoving: false } service:
                var labels = Maps.Of([new("rev", $"{Next(9)}")]);
                var present = Cluster.State.Revisions[service.Id][service.Revision].Spec;
                var touched = Next(2) == 0 ? present : present with { Labels = labels };
                return (ticket, origin) => new ClusterEvent.ApplyService(
                    ticket, origin, SpecHasher.Accept(touched with { Replicas = null }), ApplyExpectation.Any, 0, false);
            default:
                var spec = SpecHasher.Accept(Any(Next(4)));
                var force = Next(6) == 0;
                return (ticket, origin) => new ClusterEvent.ApplyService(ticket, origin, spec, ApplyExpectation.Any, 0, force);
        }
    }

    /// <summary>A spec that waits for the one before it, or does not.</summary>
    private ServiceSpec Ordered(int service)
    {
        var spec = Any(service);
        return service == 1 || Next(2) == 0 ? spec
            : spec with { DependsOn = Dependencies.None.Add($"s{service - 1}", (DependencyCondition)(1 + Next(2))) };
    }

    private static NodeRecord Shape(int number, NodeRecord node) =>
        number % 2 == 1 ? node with { Labels = Maps.Of([new("disk", "ssd")]) } : node;
}
