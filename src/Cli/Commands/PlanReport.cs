// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using ClusterManager.Cli.Shell;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary>A plan as people read it: per service the sign, what changes, in which order and why, step by step.</summary>
internal static class PlanReport
{
    private const int StepsShown = 12;

    /// <summary>Prints it as the result.</summary>
    /// <param name="session">Where.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="isAll">All steps.</param>
    public static void Show(CliSession session, V1.ChangePlan plan, bool isAll)
    {
        foreach (var service in plan.Services.Where(one => one.Change != V1.AppliedService.Types.Change.Unchanged))
            Show(session, service, isAll);
        var unchanged = plan.Services.Where(one => one.Change == V1.AppliedService.Types.Change.Unchanged).ToList();
        if (unchanged.Count > 0)
            session.Print.Line($"= {string.Join(", ", unchanged.Select(one => Words.NameOf(one.Name)))}   unchanged");
        if (unchanged.Count == plan.Services.Count) session.Print.Line("Nothing to do: everything is as asked.");
        else session.Print.Line(Sum(plan));
    }

    private static void Show(CliSession session, V1.PlannedService plan, bool isAll)
    {
        var view = PlannedServiceView.Of(plan);
        session.Print.Line($"{Sign(plan)} {view.Service}   {Head(plan)}");
        var width = view.Fields.Select(field => field.Field.Length).DefaultIfEmpty().Max();
        foreach (var field in view.Fields) session.Print.Line($"    {field.Field.PadRight(width)}   {field.Text}");
        if (view.Order is { } order)
            session.Print.Line($"  {order}, {plan.AtOnce} at a time: {view.OrderReason}");
        var steps = plan.Actions.GroupBy(action => action.Step).ToList();
        var shown = isAll || steps.Count <= StepsShown ? steps : steps[..StepsShown];
        foreach (var step in shown) session.Print.Line($"  {At(step.First().AtMs),8}   {string.Join("; ", Deeds(step))}");
        if (shown.Count < steps.Count) session.Print.Line($"             {steps.Count - shown.Count} more steps: --all");
        if (plan.Actions.Count == 0 && plan.Impossible is null) session.Print.Line("  no container is touched");
        if (plan.Impossible is null) return;
        session.Print.Line(session.OutStyle.Bad($"  IMPOSSIBLE: {Words.TextOf(plan.Impossible)}"));
    }

    private static string Sign(V1.PlannedService plan) => plan.Change switch
    {
        V1.AppliedService.Types.Change.Created => "+",
        V1.AppliedService.Types.Change.Removed => "-",
        _ => "~",
    };

    private static string Head(V1.PlannedService plan)
    {
        if (plan.After is null) return plan.Impossible is null ? "is removed" : "is not touched";
        if (plan.Before is null) return PlanText.Describe(plan.After.ToModel());
        if (plan.Change == V1.AppliedService.Types.Change.Moved) return $"revision {plan.FromRevision} moves";
        return $"revision {plan.FromRevision} → {plan.ToRevision}";
    }

    private static IEnumerable<string> Deeds(IEnumerable<V1.PlannedAction> step) => step
        .GroupBy(action => action.Kind).OrderBy(kind => kind.Key)
        .Select(kind => $"{Words.Of(kind.Key)} {string.Join(", ", kind.Select(action => $"{action.Name} on {action.NodeName}"))}");

    private static string Sum(V1.ChangePlan plan)
    {
        var placed = plan.Services.Sum(one => one.Actions.Count(action => action.Kind == V1.PlannedAction.Types.Kind.Place));
        var stopped = plan.Services.Sum(one => one.Actions.Count) - placed;
        var assumed = $"if a container runs within {TimeText.Took(TimeSpan.FromMilliseconds(plan.StartMs))}; pulls are not counted";
        return string.Create(CultureInfo.InvariantCulture, $"{placed} placed, {stopped} stopped, about {Span(plan.DurationMs)} {assumed}")
            + (plan.Complete ? "" : ". It goes on after that: too long to be planned to its end");
    }

    private static string At(long milliseconds) => $"+{Span(milliseconds)}";

    private static string Span(long milliseconds) => TimeText.Took(TimeSpan.FromMilliseconds(milliseconds));
}
