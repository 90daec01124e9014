// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Cli.Compose.Sections;

/// <summary>Conditions of <c>depends_on</c> in the words of compose files.</summary>
internal static class DependencyText
{
    /// <summary>As a compose file says it.</summary>
    public static string Of(DependencyCondition condition) => condition switch
    {
        DependencyCondition.Healthy => "service_healthy",
        DependencyCondition.Completed => "service_completed_successfully",
        _ => "service_started",
    };

    /// <summary>Null: it is none of the words.</summary>
    public static DependencyCondition? Parse(string text) => text switch
    {
        "service_started" => DependencyCondition.Started,
        "service_healthy" => DependencyCondition.Healthy,
        "service_completed_successfully" => DependencyCondition.Completed,
        _ => null,
    };
}
