// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Output.Views;

/// <summary>The hooks of a rollout in words.</summary>
internal static class HookWords
{
    /// <summary>The hook that a rollout waits for: <c>pre_deploy on node-2: running 3s</c>; null: none.</summary>
    public static string? UnderWay(V1.RolloutStatus rollout)
    {
        if (rollout is not { State: V1.RolloutState.Running, GoingBack: false }) return null;
        return rollout.PreDeploy is { State: V1.HookState.Running } pre ? Of(HookKind.PreDeploy, pre)
            : rollout.PostDeploy is { State: V1.HookState.Running } post ? Of(HookKind.PostDeploy, post) : null;
    }

    /// <summary>How it stands, in a word for programs.</summary>
    public static string StateOf(V1.HookStatus status) => status.State switch
    {
        V1.HookState.Running => "running",
        V1.HookState.Succeeded => "succeeded",
        _ => "failed",
    };

    /// <summary>How a hook stands or ended.</summary>
    public static string Of(HookKind kind, V1.HookStatus status)
    {
        var (word, took) = (HookSlot.Word(kind), TimeText.Took(TimeSpan.FromMilliseconds(status.ElapsedMs)));
        return status.State switch
        {
            V1.HookState.Running => $"{word} on {status.NodeName}: running {took}",
            V1.HookState.Succeeded => $"{word} ok {took}",
            _ => $"{word} FAILED: {Words.TextOf(status.Reason)}",
        };
    }

    /// <summary>Those that have succeeded, each with a comma before it.</summary>
    public static string Done(V1.RolloutStatus rollout) => string.Concat(Begun(rollout)
        .Where(hook => hook.Status.State == V1.HookState.Succeeded).Select(hook => $", {Of(hook.Kind, hook.Status)}"));

    /// <summary>Both, as far as they were begun.</summary>
    public static IEnumerable<(HookKind Kind, V1.HookStatus Status)> Begun(V1.RolloutStatus? rollout)
    {
        if (rollout?.PreDeploy is { } pre) yield return (HookKind.PreDeploy, pre);
        if (rollout?.PostDeploy is { } post) yield return (HookKind.PostDeploy, post);
    }
}
