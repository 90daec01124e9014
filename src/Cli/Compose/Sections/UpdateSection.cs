// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Cli.Compose.Sections;

/// <summary>The service key <c>deploy.update_config</c>.</summary>
internal static class UpdateSection
{
    private sealed class UpdateDraft
    {
        public UpdatePolicy Policy { get; set; } = UpdatePolicy.Default;
    }

    private static readonly KeyTable<UpdateDraft> Keys = new()
    {
        { "parallelism", static (c, v, u) => u.Policy = Checked(c, v, u.Policy, UpdateText.Parallelism, UpdateText.ParallelismAllowed) },
        { "order", static (c, v, u) => u.Policy = Checked(c, v, u.Policy, UpdateText.Order, UpdateText.OrderAllowed) },
        { "failure_action", static (c, v, u) => u.Policy = Checked(c, v, u.Policy, UpdateText.Action, UpdateText.ActionAllowed) },
        { "max_failure_ratio", static (c, v, u) => u.Policy = Checked(c, v, u.Policy, UpdateText.Ratio, UpdateText.RatioAllowed) },
        { "delay", static (c, v, u) => u.Policy = u.Policy with { Delay = Span(c, v) ?? u.Policy.Delay } },
        { "monitor", static (c, v, u) => u.Policy = u.Policy with { Monitor = Span(c, v) ?? u.Policy.Monitor } },
    };

    /// <summary>Reads <c>update_config</c>; an empty one sets nothing.</summary>
    public static void Read(ReadContext context, Value value, ServiceDraft draft)
    {
        var update = new UpdateDraft { Policy = draft.Spec.Update }; // x-cluster.update may have been read before
        if (!value.IsNull && Keys.Read(context, value, update)) draft.Spec = draft.Spec with { Update = update.Policy };
    }

    private static TimeSpan? Span(ReadContext context, Value value) => context.Duration(value, TimeSpan.Zero, TimeSpan.FromDays(1));

    private static UpdatePolicy Checked(
        ReadContext context, Value value, UpdatePolicy policy, Func<UpdatePolicy, string, UpdatePolicy?> read, string allowed)
    {
        if (context.Text(value) is not { } text) return policy;
        if (read(policy, text) is { } changed) return changed;
        context.Error(value, $"'{ReadContext.Shown(text)}' is not understood: {allowed} is");
        return policy;
    }
}
