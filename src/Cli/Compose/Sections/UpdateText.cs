// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Model;

namespace ClusterManager.Cli.Compose.Sections;

/// <summary>The words of an update policy, the same in files and in flags.</summary>
internal static class UpdateText
{
    /// <summary>What is allowed, for messages.</summary>
    public const string ParallelismAllowed = "a number of replicas from 1 to 10000, a percentage like 25%, 0 (all at once) or auto";
    public const string OrderAllowed = "start-first, stop-first or auto";
    public const string ActionAllowed = "rollback, pause or continue";
    public const string RatioAllowed = "a number from 0 to 1";

    /// <summary>Null: not understood.</summary>
    public static UpdatePolicy? Parallelism(UpdatePolicy policy, string text)
    {
        if (text == "auto") return policy with { Parallelism = null, ParallelismPercent = null };
        var isPercent = text.EndsWith('%');
        if (!int.TryParse(text.AsSpan(0, isPercent ? text.Length - 1 : text.Length), NumberStyles.None, CultureInfo.InvariantCulture,
            out var number)) return null;
        if (isPercent) return number is >= 1 and <= 100 ? policy with { Parallelism = null, ParallelismPercent = number } : null;
        if (number == 0) return policy with { Parallelism = null, ParallelismPercent = 100 };
        return number <= SpecValidator.ReplicasMax ? policy with { Parallelism = number, ParallelismPercent = null } : null;
    }

    /// <summary>Null: not understood.</summary>
    public static UpdatePolicy? Order(UpdatePolicy policy, string text) => text switch
    {
        "start-first" => policy with { Order = UpdateOrder.StartFirst },
        "stop-first" => policy with { Order = UpdateOrder.StopFirst },
        "auto" => policy with { Order = UpdateOrder.Auto },
        _ => null,
    };

    /// <summary>Null: not understood.</summary>
    public static UpdatePolicy? Action(UpdatePolicy policy, string text) => text switch
    {
        "rollback" => policy with { FailureAction = FailureAction.Rollback },
        "pause" => policy with { FailureAction = FailureAction.Pause },
        "continue" => policy with { FailureAction = FailureAction.Continue },
        _ => null,
    };

    /// <summary>Null: not understood.</summary>
    public static UpdatePolicy? Ratio(UpdatePolicy policy, string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1
            ? policy with { MaxFailureRatio = ratio } : null;

    /// <summary>The parallelism as it is written.</summary>
    public static string ParallelismOf(UpdatePolicy policy) =>
        policy.Parallelism is { } count ? string.Create(CultureInfo.InvariantCulture, $"{count}")
        : policy.ParallelismPercent is { } percent ? string.Create(CultureInfo.InvariantCulture, $"{percent}%") : "auto";
}
