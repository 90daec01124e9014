// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>
/// What a hook's container is made of: the service's own container with another command, once, for nobody to call. Whatever an agent knows
/// of hooks, it runs this to its end and never again.
/// </summary>
public static class HookTemplate
{
    /// <summary>Tells the process which hook it is.</summary>
    public const string Variable = "CLUSTER_HOOK";

    private static readonly HealthSpec NoCheck = new() { Kind = HealthKind.Disabled };
    private static readonly RestartPolicy Once = new() { Condition = RestartCondition.None };

    /// <summary>The spec of an allocation in the slot: of a replica the service's own.</summary>
    public static ServiceSpec ForSlot(ServiceSpec spec, int slot) =>
        HookSlot.KindOf(slot) is var kind and not HookKind.None ? Of(spec, kind) : spec;

    /// <summary>
    /// The hook's spec: environment, mounts, limits, reservations and constraints are the service's; no ports, so that it is in no
    /// discovery; no health check, no restart. A hook that the spec does not have (any more) keeps the service's command.
    /// </summary>
    public static ServiceSpec Of(ServiceSpec spec, HookKind kind)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec with
        {
            Mode = ServiceMode.Replicated,
            Replicas = 1,
            Container = spec.Container with
            {
                Command = spec.Update.HookOf(kind)?.Command ?? spec.Container.Command,
                Environment = spec.Container.Environment.SetItem(Variable, HookSlot.Word(kind)),
            },
            Ports = [],
            Health = NoCheck,
            Restart = Once,
            Update = UpdatePolicy.Default,
            Track = TrackPolicy.None,
            DrainDelay = TimeSpan.Zero,
        };
    }
}
