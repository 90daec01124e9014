// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Plans;

/// <summary>
/// How long things take in the world of a plan, where every image is there and every container comes up. A longer start changes when
/// something happens; it changes where only if what stops meanwhile would have made room.
/// </summary>
public sealed record PlanAssumptions
{
    /// <summary>What a plan is made with unless a test knows better.</summary>
    public static PlanAssumptions Default { get; } = new();

    /// <summary>Time between the placement of a replica and its running process, the pull of its image not counted. Default 1 s.</summary>
    public TimeSpan Start { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time between the stop signal and the end. Default 1 s.</summary>
    public TimeSpan Stop { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a hook's process runs. Default 1 s: only its author knows.</summary>
    public TimeSpan Hook { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The drain delay before the stop signal and the time until the first probe count too. Default true.</summary>
    public bool CountsSpec { get; init; } = true;

    /// <summary>From the placement until it serves.</summary>
    internal TimeSpan StartOf(ServiceSpec spec) => Start + (CountsSpec ? FirstProbe(spec.Health) : TimeSpan.Zero);

    /// <summary>From the order to stop until the end.</summary>
    internal TimeSpan StopOf(ServiceSpec spec) => Stop + (CountsSpec ? spec.DrainDelay : TimeSpan.Zero);

    /// <summary>What its health check will say: where the image's own may judge, what it says of the service's other replicas.</summary>
    internal static HealthState HealthOf(ClusterState state, AllocationRecord record, ServiceSpec spec) => spec.Health?.Kind switch
    {
        HealthKind.Disabled => HealthState.None,
        not null => HealthState.Healthy,
        null => IsProbed(state, record.Id.Service) ? HealthState.Healthy : HealthState.None,
    };

    private static bool IsProbed(ClusterState state, ServiceId service) =>
        state.Allocations.GetValueOrDefault(service, SlotMap.Empty).BySlot.Values.SelectMany(records => records)
            .Any(record => state.Observations.GetValueOrDefault(record.Id)?.Health is HealthState.Healthy or HealthState.Unhealthy);

    // Docker runs a command first after a whole interval.
    private static TimeSpan FirstProbe(HealthSpec? health) => health?.Kind switch
    {
        HealthKind.Http or HealthKind.Tcp => health.StartInterval,
        HealthKind.Command => health.Interval,
        _ => TimeSpan.Zero,
    };
}
