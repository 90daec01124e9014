// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Cli.Compose.Yaml;
using ClusterManager.Model;

namespace ClusterManager.Cli.Compose.Sections;

/// <summary>The keys <c>x-cluster.pre_deploy</c> and <c>post_deploy</c>: a command, or a map that says how long it may take too.</summary>
internal static class HookSection
{
    private sealed class HookDraft
    {
        public ImmutableArray<string>? Command { get; set; }

        public TimeSpan? Timeout { get; set; }
    }

    private static readonly KeyTable<HookDraft> Keys = new()
    {
        { "command", static (c, v, h) => h.Command = ServiceKeys.Words(c, v) },
        { "timeout", static (c, v, h) => h.Timeout = c.Duration(v, HookSpec.TimeoutMin, HookSpec.TimeoutMax) },
    };

    /// <summary>Reads one hook.</summary>
    public static void Read(ReadContext context, Value value, ServiceDraft draft, HookKind kind)
    {
        var hook = new HookDraft();
        if (value.Node is not YamlMap) hook.Command = ServiceKeys.Words(context, value);
        else if (!Keys.Read(context, value, hook)) return;
        if (hook.Command is not { Length: > 0 } command || command[0].Length == 0)
        {
            context.Error(value, $"{HookSlot.Word(kind)} needs a command");
            return;
        }

        var spec = new HookSpec { Command = command };
        spec = hook.Timeout is { } timeout ? spec with { Timeout = timeout } : spec;
        var update = draft.Spec.Update;
        draft.Spec = draft.Spec with
        {
            Update = kind == HookKind.PreDeploy ? update with { PreDeploy = spec } : update with { PostDeploy = spec },
        };
    }
}
