// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;

namespace ClusterManager.Model;

/// <summary>
/// The slots in which hooks run, far above those of replicas and the ordinals of nodes: an allocation in one of them is no replica and
/// counts as none.
/// </summary>
public static class HookSlot
{
    /// <summary>That of <c>pre_deploy</c>.</summary>
    public const int PreDeploy = 1_000_001;

    /// <summary>That of <c>post_deploy</c>.</summary>
    public const int PostDeploy = 1_000_002;

    /// <summary>Both.</summary>
    public static ImmutableArray<int> All { get; } = [PreDeploy, PostDeploy];

    /// <summary>The slot of a hook.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no hook.</exception>
    public static int Of(HookKind kind) => kind switch
    {
        HookKind.PreDeploy => PreDeploy,
        HookKind.PostDeploy => PostDeploy,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>Which hook runs in the slot; none: it is a replica's.</summary>
    public static HookKind KindOf(int slot) => slot switch
    {
        PreDeploy => HookKind.PreDeploy,
        PostDeploy => HookKind.PostDeploy,
        _ => HookKind.None,
    };

    /// <summary>It is not a replica's.</summary>
    public static bool IsHook(int slot) => KindOf(slot) != HookKind.None;

    /// <summary>A hook as operators write it.</summary>
    public static string Word(HookKind kind) => kind switch
    {
        HookKind.PreDeploy => "pre_deploy",
        HookKind.PostDeploy => "post_deploy",
        _ => "",
    };

    /// <summary>What follows the service's name: <c>2</c> of <c>web.2</c>, <c>pre_deploy</c> of <c>web.pre_deploy</c>.</summary>
    public static string NameOf(int slot) =>
        KindOf(slot) is var kind and not HookKind.None ? Word(kind) : slot.ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads <see cref="NameOf"/>; 0: it is neither.</summary>
    public static int Parse(ReadOnlySpan<char> text) => text switch
    {
        "pre_deploy" => PreDeploy,
        "post_deploy" => PostDeploy,
        _ => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var slot) ? slot : 0,
    };
}
