// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>One process resource limit.</summary>
/// <param name="Name">For example <c>nofile</c>.</param>
/// <param name="Soft">Soft limit; −1 is unlimited.</param>
/// <param name="Hard">Hard limit, at least the soft one; −1 is unlimited.</param>
public sealed record UlimitSpec(string Name, long Soft, long Hard);
