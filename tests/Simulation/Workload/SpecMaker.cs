// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Model;
using ClusterManager.Simulation.Core;
using ClusterManager.Simulation.Docker;
using ClusterManager.Wire;

namespace ClusterManager.Simulation.Workload;

/// <summary>Specs of all kinds; a service's name says its kind, so that an update is an update.</summary>
internal sealed class SpecMaker(
    SeededStream chance, SeededStream policies, SeededStream follows, SeededStream hooks, SeededStream colours, Func<double> badImages)
{
    /// <summary>The stack.</summary>
    public const string Stack = "shop";

    /// <summary>The stack's services.</summary>
    public static readonly IReadOnlyList<string> StackNames = ["shop/front", "shop/queue", "shop/agent"];

    /// <summary>The services there may be.</summary>
    public static readonly IReadOnlyList<string> Names =
        ["plain", "web", "fixed", "data", "global", "edge", "big", .. StackNames];

    private static readonly ImageBehaviour[] Bad =
    [
        ImageBehaviour.Crash, ImageBehaviour.NoStart, ImageBehaviour.NoPull, ImageBehaviour.Missing, ImageBehaviour.SlowPull,
            ImageBehaviour.Sick,
        ImageBehaviour.Stubborn, ImageBehaviour.Shaky,
    ];

    private int _versions;

    /// <summary>With its hashes, as the API gives it to the engine.</summary>
    public static AcceptedSpec Accept(ServiceSpec spec) => new(spec, SpecHash.OfSpec(spec), SpecHash.OfTemplate(spec));

    /// <summary>A new version of a service.</summary>
    public ServiceSpec Make(string name, int hosts)
    {
        var behaviour = chance.Chance(badImages()) ? chance.Pick(Bad) : ImageBehaviour.Good;
        var spec = new ServiceSpec
        {
            Name = ServiceName.Parse(name),
            Mode = name is "global" or "edge" or "shop/agent" ? ServiceMode.Global : ServiceMode.Replicated,
            Replicas = name is "global" or "edge" or "shop/agent" ? null : name == "fixed" ? chance.Below(hosts) : chance.Below(6),
            Container = new ContainerSpec
            {
                Image = SimulatedRegistry.NameOf(behaviour, chance.Chance(0.8) ? ++_versions : 0),
                StopGracePeriod = TimeSpan.FromSeconds(chance.Pick([1, 3, 10])),
                Mounts = name == "data" ? [new MountSpec { Kind = MountKind.Volume, Source = "data", Target = "/data" }] : [],
            },
            Ports = name switch
            {
                "fixed" => [new PortSpec { Mode = PortMode.Fixed, Target = 80, Published = 8080 }],
                "edge" => [new PortSpec { Mode = PortMode.Fixed, Target = 80, Published = 9090 }],
                "plain" or "global" or "shop/queue" => [],
                _ => [new PortSpec { Mode = PortMode.Dynamic, Target = 80 }],
            },
            Health = name is "web" or "edge" or "shop/front" ? new HealthSpec { Kind = HealthKind.Http, Port = 80 } : null,
            Resources = name == "big" ? new ResourceSpec { MemoryReservationBytes = 3L << 30 } : ResourceSpec.None,
            Restart = new RestartPolicy { MaxAttempts = chance.Pick<int?>([null, null, null, 3]) },
            ProgressDeadline = TimeSpan.FromSeconds(chance.Pick([30, 60, 120])),
        };
        if (policies.Chance(0.5)) spec = spec with { Update = MakeUpdate(name) };
        if (spec.Mode == ServiceMode.Replicated && policies.Chance(0.35)) spec = spec with { Update = MakeCanary(spec.Update) };
        if (name is "web" or "plain" or "shop/front" or "shop/queue" or "big" && colours.Chance(0.3))
            spec = spec with { Update = MakeColours(spec.Update) };
        if (follows.Chance(0.3)) spec = Following(spec);
        if (name != "data" && hooks.Chance(0.3)) spec = spec with { Update = spec.Update with { PreDeploy = MakeHook() } };
        if (name != "data" && hooks.Chance(0.15)) spec = spec with { Update = spec.Update with { PostDeploy = MakeHook() } };
        if (chance.Chance(0.1) && PlacementConstraint.TryParse("node.labels.zone == a", out var constraint, out _)) spec = spec
            with { Constraints = [constraint!] };
        return spec;
    }

    private ServiceSpec Following(ServiceSpec spec) => spec with
    {
        Container = spec.Container with { Image = MovingTags.Image },
        Track = new TrackPolicy { Kind = TrackKind.Tag, Interval = TimeSpan.FromSeconds(follows.Pick([5, 10, 30])) },
    };

    private HookSpec MakeHook() => new()
    {
        Command = [hooks.Pick(HookWork.Words)], Timeout = TimeSpan.FromSeconds(hooks.Pick([10, 40])),
    };

    // Two replicas must not write to one volume: who has one can not ask for the new one first.
    private UpdatePolicy MakeUpdate(string name) => new()
    {
        Parallelism = policies.Pick<int?>([null, null, 1, 2, 4]),
        Order = policies.Pick([UpdateOrder.Auto, UpdateOrder.StopFirst, name == "data" ? UpdateOrder.Auto : UpdateOrder.StartFirst]),
        Delay = TimeSpan.FromSeconds(policies.Pick([0, 0, 3, 15])),
        Monitor = policies.Pick<TimeSpan?>([null, null, TimeSpan.Zero, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(12)]),
        MaxFailureRatio = policies.Pick([0, 0, 0.3, 1]),
        FailureAction = policies.Pick([FailureAction.Rollback, FailureAction.Rollback, FailureAction.Pause, FailureAction.Continue]),
    };

    private UpdatePolicy MakeCanary(UpdatePolicy update) => update with
    {
        Strategy = UpdateStrategy.Canary, FailureAction = FailureAction.Rollback, MaxFailureRatio = 0,
        Steps = [new UpdateStep { Amount = 1 }, new UpdateStep { Amount = policies.Pick([30, 50, 75]), IsPercent = true }],
        Hold = TimeSpan.FromSeconds(policies.Pick([0, 5, 20])),
        Gates = policies.Chance(0.3)
            ? [new GateSpec { Kind = GateKind.Approve, Timeout = TimeSpan.FromSeconds(policies.Pick([20, 90])) }] : [],
    };

    private UpdatePolicy MakeColours(UpdatePolicy update) => update with
    {
        Strategy = UpdateStrategy.BlueGreen, FailureAction = FailureAction.Rollback, MaxFailureRatio = 0, Steps = [],
        Order = update.Order == UpdateOrder.StopFirst ? UpdateOrder.Auto : update.Order,
        Hold = TimeSpan.FromSeconds(colours.Pick([0, 0, 5])),
        KeepOld = TimeSpan.FromSeconds(colours.Pick([0, 10, 40])),
        Gates = colours.Chance(0.3)
            ? [new GateSpec { Kind = GateKind.Approve, Timeout = TimeSpan.FromSeconds(colours.Pick([20, 90])) }] : [],
    };

    /// <summary>The same service with an image that is good, where it may be, and no more replicas than fit.</summary>
    public ServiceSpec MakeGood(ServiceSpec spec) => spec with
    {
        Container = spec.Container with { Image = SimulatedRegistry.NameOf(ImageBehaviour.Good, ++_versions) },
        Constraints = [],
        Restart = RestartPolicy.Default,
        // Where only the old one's place has room, the new one can not be the first.
        Update = spec.Update with
        {
            Order = spec.Update.Order == UpdateOrder.StartFirst ? UpdateOrder.Auto : spec.Update.Order, Gates = [],
            // Of what is big there is not always room for two colours.
            Strategy = spec.Name.Name is "big" && spec.Update.Strategy == UpdateStrategy.BlueGreen ? UpdateStrategy.Canary
                : spec.Update.Strategy,
            PreDeploy = null, PostDeploy = null,
        },
        ProgressDeadline = TimeSpan.FromMinutes(2),
        Replicas = spec.Name.Name is "fixed" ? Math.Min(spec.Replicas ?? 0, 3) : spec.Replicas,
    };
}
