// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Model;

namespace ClusterManager.Cli.Compose.Sections;

/// <summary>The service key <c>restart</c>.</summary>
internal static class RestartSection
{
    /// <summary>What is allowed, for messages.</summary>
    public const string Allowed = "no, always, unless-stopped, on-failure or on-failure:N";

    /// <summary>Reads <c>restart</c>.</summary>
    public static void Read(ReadContext context, Value value, ServiceDraft draft)
    {
        if (context.Text(value) is not { } text) return;
        draft.Restart = Parse(text);
        if (draft.Restart is null) context.Error(value, $"'{ReadContext.Shown(text)}' is not understood: {Allowed} is");
    }

    /// <summary>The policy, or null when the text is none.</summary>
    public static RestartPolicy? Parse(string text) => text switch
    {
        "no" => RestartPolicy.Default with { Condition = RestartCondition.None },
        "always" or "unless-stopped" => RestartPolicy.Default,
        "on-failure" => RestartPolicy.Default with { Condition = RestartCondition.OnFailure },
        _ when text.StartsWith("on-failure:", StringComparison.Ordinal)
            && int.TryParse(text.AsSpan("on-failure:".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var attempts)
                && attempts > 0
            => RestartPolicy.Default with { Condition = RestartCondition.OnFailure, MaxAttempts = attempts },
        _ => null,
    };
}
