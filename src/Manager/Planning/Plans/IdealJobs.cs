// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Releases;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Plans;

/// <summary>In the world of a plan a job that a release waits for is done as soon as another container would serve.</summary>
internal static class IdealJobs
{
    /// <summary>Some service of its stack's release waits for its completion.</summary>
    public static bool IsAwaited(ClusterState state, AllocationRecord record)
    {
        if (!state.Services.TryGetValue(record.Id.Service, out var service)) return false;
        return ReleaseBook.Active(state, service.Name.Stack) is not null && state.Releases[service.Name.Stack].Services
            .Any(spec => spec.DependsOn.GetValueOrDefault(service.Name.Name) == DependencyCondition.Completed);
    }

    /// <summary>It has ended with exit code 0.</summary>
    public static AllocationObservation Completed(DateTimeOffset now) => new()
    {
        State = AllocationState.Completed, Health = HealthState.None, ChangedAt = now, Finished = true, ExitCode = 0,
    };
}
