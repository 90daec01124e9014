// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Hooks;

/// <summary>What a registry's message comes down to: look at this repository now.</summary>
/// <param name="Repository">Without registry, for example <c>shop/web</c>.</param>
/// <param name="Tag">The tag that changed; empty: not known.</param>
internal readonly record struct ImageNotice(string Repository, string Tag);
