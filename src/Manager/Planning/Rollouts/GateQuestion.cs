// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>What somebody outside is to be asked about a canary's step.</summary>
internal sealed record GateQuestion
{
    /// <summary>Whose canary.</summary>
    public required ServiceRecord Service { get; init; }

    /// <summary>Its policy.</summary>
    public required UpdatePolicy Update { get; init; }

    /// <summary>The image of the new revision, as the user wrote it.</summary>
    public required string Image { get; init; }

    /// <summary>Which gate of the policy, from 0.</summary>
    public required int Gate { get; init; }

    /// <summary>It is asked from here on.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Who is asked.</summary>
    public GateSpec Spec => Update.Gates[Gate];

    /// <summary>Equal keys are the same question, asked again after its interval; a hold that begins anew makes another one.</summary>
    public (ServiceId Service, int Rollout, int Step, int Gate, DateTimeOffset From) Key =>
        (Service.Id, Service.Rollout.Number, Service.Rollout.Step, Gate, From);

    /// <summary>All that are open, in order. They follow from the state alone: a new leader asks again.</summary>
    public static IEnumerable<GateQuestion> Of(ClusterState state)
    {
        foreach (var service in state.Services.Values)
        {
            var rollout = service.Rollout;
            if (rollout.State != RolloutState.Running || rollout.IsGoingBack || rollout.IsPaused || rollout.IsPromoted) continue;
            if (rollout.StepReachedAt is not { } at) continue;
            var spec = state.Revisions[service.Id][rollout.ToRevision].Spec;
            for (var gate = 0; gate < spec.Update.Gates.Length; gate++)
            {
                var kind = spec.Update.Gates[gate].Kind;
                if (kind == GateKind.Approve || RolloutGates.IsOpen(rollout, gate)) continue;
                yield return new GateQuestion
                {
                    Service = service, Update = spec.Update, Image = spec.Container.Image, Gate = gate,
                    From = kind == GateKind.Http ? at + spec.Update.CanaryHold : at, // a program judges what the hold has shown
                };
            }
        }
    }
}
