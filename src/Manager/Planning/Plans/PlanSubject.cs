// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Manager.Engine;

namespace ClusterManager.Manager.Planning.Plans;

/// <summary>What a mutation asks for, as lines: equal lines ask for the same.</summary>
internal static class PlanSubject
{
    public static IEnumerable<string> Of(ClusterEvent.Mutation mutation) => mutation switch
    {
        ClusterEvent.DeployStack deploy =>
        [
            "deploy", deploy.Stack, deploy.Keeps ? $"prune {deploy.Prune} keep" : $"prune {deploy.Prune}",
            .. deploy.Services.OrderBy(one => one.Spec.Name).Select(Line),
        ],
        ClusterEvent.ApplyService apply => ["apply", $"force {apply.Force}", Line(apply.Spec)],
        ClusterEvent.ScaleServices scale =>
        [
            "scale", $"deadline {scale.Deadline?.Ticks}",
            .. scale.Targets.OrderBy(target => target.Name).Select(target => Invariant($"{target.Name}={target.Replicas}")),
        ],
        ClusterEvent.RemoveServices remove => ["remove", .. remove.Names.Order().Select(name => name.ToString())],
        ClusterEvent.RollBackService back => ["rollback", $"{back.Name}", Invariant($"{back.ToRevision} {back.Deadline?.Ticks}")],
        ClusterEvent.UpdateNode update => ["node", update.Node, $"{update.Availability}"],
        _ => throw new ArgumentException($"{mutation.GetType().Name} is not planned", nameof(mutation)),
    };

    private static string Line(AcceptedSpec accepted) =>
        Invariant($"{accepted.Spec.Name} {accepted.SpecHash} {accepted.Spec.Replicas}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
