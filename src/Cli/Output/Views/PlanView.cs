// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Output.Views;

/// <summary>A plan.</summary>
/// <param name="Id">To be given with the change.</param>
/// <param name="Possible">No service would fail.</param>
/// <param name="Complete">False: too long to be planned to its end.</param>
/// <param name="DurationMs">Until the last verdict.</param>
/// <param name="AssumedStartMs">From placement to a running process, pulls not counted.</param>
/// <param name="AssumedStopMs">From the stop signal to the end.</param>
/// <param name="Services">The services in the order of the request.</param>
internal sealed record PlanView(
    string Id, bool Possible, bool Complete, long DurationMs, long AssumedStartMs, long AssumedStopMs,
    IReadOnlyList<PlannedServiceView> Services)
{
    /// <summary>From the wire.</summary>
    public static PlanView Of(V1.ChangePlan plan) => new(
        plan.Id, plan.Services.All(one => one.Impossible is null), plan.Complete, plan.DurationMs, plan.StartMs, plan.StopMs,
        [.. plan.Services.Select(PlannedServiceView.Of)]);
}

/// <summary>What would become of one service.</summary>
internal sealed record PlannedServiceView(
    string Service, string Change, int? FromRevision, int? ToRevision, IReadOnlyList<FieldChangeView> Fields,
    IReadOnlyList<PlannedActionView> Actions, string? Order, string? OrderReason, int AtOnce, long DurationMs, string? ReasonCode,
    string? Impossible)
{
    /// <summary>From the wire. A new or removed service has no field that changes.</summary>
    public static PlannedServiceView Of(V1.PlannedService plan) => new(
        Words.NameOf(plan.Name), Words.Of(plan.Change), plan.FromRevision == 0 ? null : plan.FromRevision,
        plan.ToRevision == 0 ? null : plan.ToRevision,
        plan.Before is null || plan.After is null ? [] : SpecChanges.Between(plan.Before.ToModel(), plan.After.ToModel()),
        [.. plan.Actions.Select(PlannedActionView.Of)], OrNull(plan.Order), OrNull(plan.OrderReason), plan.AtOnce, plan.DurationMs,
        Words.CodeOf(plan.Impossible), plan.Impossible is null ? null : Words.TextOf(plan.Impossible));

    private static string? OrNull(string text) => text.Length == 0 ? null : text;
}

/// <summary>One replica placed or stopped.</summary>
internal sealed record PlannedActionView(string Action, string Name, string Node, int Revision, int Step, long AtMs)
{
    /// <summary>From the wire.</summary>
    public static PlannedActionView Of(V1.PlannedAction action) =>
        new(Words.Of(action.Kind), action.Name, action.NodeName, action.Revision, action.Step, action.AtMs);
}
