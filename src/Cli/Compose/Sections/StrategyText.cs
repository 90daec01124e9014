// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using ClusterManager.Model;

namespace ClusterManager.Cli.Compose.Sections;

/// <summary>The words of an update's strategy, the same in files and in flags.</summary>
internal static class StrategyText
{
    /// <summary>What is allowed, for messages.</summary>
    public const string StrategyAllowed = "rolling, canary or blue_green";
    public const string StepsAllowed = "numbers of replicas and percentages like 1,25%,100%";
    public const string PromoteAllowed = "auto or manual";
    public const string IsAllowed = "a comparison like '< 0.01', with <, <=, > or >=";

    private static readonly (string Sign, GateComparison Comparison)[] Signs =
    [
        ("<=", GateComparison.LessOrEqual), (">=", GateComparison.GreaterOrEqual),
        ("<", GateComparison.Less), (">", GateComparison.Greater),
    ];

    /// <summary>How long a person has by default.</summary>
    public static TimeSpan ApproveTimeout { get; } = TimeSpan.FromHours(24);

    /// <summary>Null: not understood. What belongs to another strategy is left behind.</summary>
    public static UpdatePolicy? Strategy(UpdatePolicy policy, string text) => text switch
    {
        "rolling" => policy with { Strategy = UpdateStrategy.Rolling, Steps = [], Hold = null, Gates = [], KeepOld = null },
        "canary" => policy with { Strategy = UpdateStrategy.Canary, KeepOld = null },
        "blue_green" => policy with { Strategy = UpdateStrategy.BlueGreen, Steps = [] },
        _ => null,
    };

    /// <summary>Null: not understood.</summary>
    public static UpdatePolicy? Steps(UpdatePolicy policy, string text)
    {
        var steps = text.Split(',', StringSplitOptions.TrimEntries).Select(Step).ToList();
        return steps.Contains(null) ? null : policy with { Steps = [.. steps.OfType<UpdateStep>()] };
    }

    /// <summary>One step; null: not understood.</summary>
    public static UpdateStep? Step(string text)
    {
        var isPercent = text.EndsWith('%');
        return int.TryParse(text.AsSpan(0, isPercent ? text.Length - 1 : text.Length), NumberStyles.None, CultureInfo.InvariantCulture,
            out var amount) && amount >= 1 && amount <= (isPercent ? 100 : SpecValidator.ReplicasMax)
            ? new UpdateStep { Amount = amount, IsPercent = isPercent } : null;
    }

    /// <summary>Null: not understood. <c>manual</c> is a gate that a person opens.</summary>
    public static UpdatePolicy? Promote(UpdatePolicy policy, string text) => text switch
    {
        "auto" => policy with { Gates = [.. policy.Gates.Where(gate => gate.Kind != GateKind.Approve)] },
        "manual" when policy.Gates.Any(gate => gate.Kind == GateKind.Approve) => policy,
        "manual" => policy with { Gates = [.. policy.Gates, new GateSpec { Kind = GateKind.Approve, Timeout = ApproveTimeout }] },
        _ => null,
    };

    /// <summary>How a figure has to stand; null: not understood.</summary>
    public static (GateComparison Comparison, double Threshold)? Is(string text)
    {
        text = text.Trim();
        foreach (var (sign, comparison) in Signs)
        {
            if (!text.StartsWith(sign, StringComparison.Ordinal)) continue;
            return double.TryParse(text.AsSpan(sign.Length).Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var threshold)
                && double.IsFinite(threshold) ? (comparison, threshold) : null;
        }

        return null;
    }

    /// <summary>The steps as they are written.</summary>
    public static string StepsOf(ImmutableArray<UpdateStep> steps) => string.Join(',', steps.Select(step =>
        string.Create(CultureInfo.InvariantCulture, $"{step.Amount}{(step.IsPercent ? "%" : "")}")));

    /// <summary>How a figure has to stand, as it is written.</summary>
    public static string IsOf(GateSpec gate) => string.Create(CultureInfo.InvariantCulture,
        $"{Signs.First(one => one.Comparison == gate.Comparison).Sign} {gate.Threshold}");
}
