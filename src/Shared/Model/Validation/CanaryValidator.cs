// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>The part of <see cref="UpdateValidator"/> that concerns strategies, their steps and the gates between them.</summary>
internal static class CanaryValidator
{
    private const int StepsMax = 20;
    private const int GatesMax = 5;
    private const int UrlCharactersMax = 2000;
    private const int QueryCharactersMax = 4000;
    private const int NameCharactersMax = 63;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static void Check(ErrorList errors, ServiceSpec spec)
    {
        var update = spec.Update;
        errors.Defined("update.strategy", update.Strategy);
        if (update.KeepOld is { } keep && update.Strategy == UpdateStrategy.BlueGreen)
            errors.Range("update.keep_old", keep, TimeSpan.Zero, TimeSpan.FromDays(1));
        else if (update.KeepOld is not null) errors.Add("update.strategy", Word(update), "blue_green, where keep_old is set");
        if (update.Strategy is UpdateStrategy.Canary or UpdateStrategy.BlueGreen) CheckGuarded(errors, spec);
        else if (!update.Steps.IsEmpty || update.Hold is not null || !update.Gates.IsEmpty)
            errors.Add("update.strategy", "rolling", "canary, where steps, a hold or gates are set; blue_green has a hold and gates");
    }

    private static void CheckGuarded(ErrorList errors, ServiceSpec spec)
    {
        var update = spec.Update;
        if (spec.Mode == ServiceMode.Global)
            errors.Add("update.strategy", Word(update), "rolling: a global service has no number of replicas to begin with");
        if (update.FailureAction != FailureAction.Rollback)
            errors.Add("update.failure_action", update.FailureAction, $"rollback: {Word(update)} always goes back when it fails");
        if (update.MaxFailureRatio != 0)
            errors.Add("update.max_failure_ratio", update.MaxFailureRatio, "0: all of a step, or of a new colour, must be good");
        if (update.Strategy == UpdateStrategy.BlueGreen) CheckBeside(errors, spec);
        if (update.Steps.Length > StepsMax) errors.Add("update.steps", $"{update.Steps.Length} steps", $"at most {StepsMax}");
        foreach (var step in update.Steps)
            errors.Range("update.steps", step.Amount, 1, step.IsPercent ? 100 : SpecValidator.ReplicasMax);
        if (update.Hold is { } hold) errors.Range("update.hold", hold, TimeSpan.Zero, TimeSpan.FromDays(1));
        if (update.Gates.Length > GatesMax) errors.Add("update.gates", $"{update.Gates.Length} gates", $"at most {GatesMax}");
        foreach (var gate in update.Gates) CheckGate(errors, gate);
    }

    /// <summary>Two colours run at once: nothing of one replica may keep another from running beside it.</summary>
    private static void CheckBeside(ErrorList errors, ServiceSpec spec)
    {
        const string Instead = "or the strategy rolling or canary: blue_green runs both revisions at once";
        if (!spec.Update.Steps.IsEmpty) errors.Add("update.steps", $"{spec.Update.Steps.Length} steps", "none: blue_green has one switch");
        if (spec.Update.Order == UpdateOrder.StopFirst) errors.Add("update.order", "stop-first", $"auto or start-first, {Instead}");
        if (spec.Name.GreenName.Length > NameCharactersMax)
            errors.Add("name", spec.Name.Display, $"a name of at most {NameCharactersMax} characters as {spec.Name.GreenName}, {Instead}");
        foreach (var port in spec.Ports.Where(port => port.Mode == PortMode.Fixed))
            errors.Add("ports", port.Published, $"a port without a fixed number on the node, {Instead}");
        foreach (var mount in spec.Container.Mounts.Where(mount => mount is { Kind: MountKind.Volume, Source: not null }))
            errors.Add("mounts", mount.Source, $"no named volume, {Instead}");
    }

    private static string Word(UpdatePolicy update) => update.Strategy switch
    {
        UpdateStrategy.Canary => "canary",
        UpdateStrategy.BlueGreen => "blue_green",
        _ => "rolling",
    };

    private static void CheckGate(ErrorList errors, GateSpec gate)
    {
        errors.Defined("update.gates.kind", gate.Kind);
        errors.Defined("update.gates.comparison", gate.Comparison);
        errors.Range("update.gates.timeout", gate.Timeout, Second, TimeSpan.FromDays(7));
        errors.Range("update.gates.interval", gate.Interval, Second, TimeSpan.FromHours(1));
        if (!double.IsFinite(gate.Threshold)) errors.Add("update.gates.threshold", gate.Threshold, "a number");
        if (gate.Kind != GateKind.Approve && !IsAddress(gate.Url))
            errors.Add("update.gates.url", gate.Url, "an address like http://gates.example/web, without a user's name");
        if (gate.Kind == GateKind.Prometheus && gate.Query.Length is 0 or > QueryCharactersMax)
            errors.Add("update.gates.query", gate.Query, $"1 to {QueryCharactersMax} characters");
    }

    private static bool IsAddress(string url) => url.Length <= UrlCharactersMax && Uri.TryCreate(url, UriKind.Absolute, out var parsed)
        && parsed.Scheme is "http" or "https" && parsed.Host.Length > 0 && parsed.UserInfo.Length == 0;
}
