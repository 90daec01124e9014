// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Simulation.Agents;
using ClusterManager.Simulation.Docker;
using ClusterManager.Simulation.Workload;

namespace ClusterManager.Simulation.Checks;

/// <summary>
/// A hook's process begins at most once for a rollout, on whichever machine, whoever leads and whatever dies; and before
/// <c>pre_deploy</c> has succeeded nothing of its rollout is touched.
/// </summary>
internal sealed class Hooks(FaultCounts counts)
{
    private readonly HashSet<AllocationId> _begun = [];
    private readonly HashSet<string> _forgetful = new(StringComparer.Ordinal);
    private readonly HashSet<(ServiceId Service, int Rollout, HookKind Kind)> _placed = [];

    /// <summary>The agent's disk was lost: whether it had begun a hook only its container tells, if nobody removes that too.</summary>
    public void Forget(SimulatedHost host) => _forgetful.Add(host.Name);

    /// <summary>A container's process began.</summary>
    public string? Began(SimulatedHost host, SimulatedContainer container, AllocationId id)
    {
        if (!HookSlot.IsHook(id.Slot) || _begun.Add(id) || _forgetful.Contains(host.Name)) return null;
        return $"hook {id} is begun a second time, on {host.Name}, by {container.Request.Labels[ContainerLabels.Hook]}";
    }

    /// <summary>A turn was taken, not yet committed.</summary>
    public IEnumerable<string> Check(ClusterState before, ClusterState after)
    {
        foreach (var service in after.Services.Values)
        {
            var was = before.Services.GetValueOrDefault(service.Id)?.Rollout;
            var rollout = service.Rollout;
            if (service.IsRemoving || ReferenceEquals(was, rollout)) continue;
            foreach (var slot in HookSlot.All)
                if (rollout.HookOf(HookSlot.KindOf(slot)) is { } run) Count(was?.HookOf(run.Kind), run);
        }

        foreach (var service in after.Services.Values.Where(service => !service.IsRemoving && WaitsForHook(after, service)))
            if (IsTouched(before, after, service))
                yield return $"{service.Name}: rollout {service.Rollout.Number} touches its replicas before pre_deploy has succeeded: "
                    + Stories.Of(after, after.Allocations[service.Id]);
    }

    /// <summary>Consul took a turn's commit.</summary>
    public IEnumerable<string> Committed(ClusterState? old, ClusterState state)
    {
        foreach (var service in state.Services.Values)
            foreach (var slot in HookSlot.All)
            {
                var run = service.Rollout.HookOf(HookSlot.KindOf(slot));
                if (run is null || old?.Services.GetValueOrDefault(service.Id)?.Rollout.HookOf(run.Kind)?.Id == run.Id) continue;
                if (!_placed.Add((service.Id, service.Rollout.Number, run.Kind)))
                    yield return $"{service.Name}: {HookSlot.Word(run.Kind)} of rollout {service.Rollout.Number} is placed a second time";
            }
    }

    /// <summary>What has failed by its hook is scaled as was asked for, and nothing of its revision comes.</summary>
    private static bool IsTouched(ClusterState before, ClusterState after, ServiceRecord service)
    {
        var target = after.Revisions[service.Id][service.Rollout.ToRevision];
        if (service.Rollout.State == RolloutState.Running) return Pulls.IsTouched(before, after, service, target);
        return after.Allocations.GetValueOrDefault(service.Id, SlotMap.Empty).BySlot.Values.SelectMany(records => records)
            .Any(record => record.Revision == target.Number && !HookSlot.IsHook(record.Id.Slot) && before.Find(record.Id) is null);
    }

    private static bool WaitsForHook(ClusterState state, ServiceRecord service)
    {
        var rollout = service.Rollout;
        if (rollout is not { RunsHooks: true, IsGoingBack: false, PreDeploy: not { State: HookState.Succeeded } }) return false;
        var revisions = state.Revisions[service.Id];
        var target = revisions[rollout.ToRevision];
        if (target.Spec.Update.PreDeploy is null) return false;
        return !revisions.TryGetValue(rollout.FromRevision, out var from) || from.Image is null || !from.SameTemplate(target);
    }

    private void Count(HookRun? was, HookRun run)
    {
        if (was?.State == run.State || run.State == HookState.Running) return;
        counts.Count(run.State == HookState.Succeeded ? "hook succeeded" : run.Reason?.Code switch
        {
            ReasonCode.HookTimedOut => "hook timed out",
            ReasonCode.Halted => "hook stopped",
            ReasonCode.HookFailed when run.Reason.Text.Contains("not known", StringComparison.Ordinal) => "hook's end unknown",
            _ => "hook failed",
        });
    }
}
