// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;

namespace ClusterManager.Agent.Node;

/// <summary>How the engine is.</summary>
/// <param name="IsUp">It answers.</param>
/// <param name="Problem">Why it does not; empty when it does.</param>
/// <param name="Info">What it said last; null before the first answer.</param>
internal sealed record EngineStatus(bool IsUp, string Problem, EngineInfo? Info)
{
    /// <summary>Before the first answer.</summary>
    public static EngineStatus Unknown { get; } = new(false, "not asked yet", null);
}
