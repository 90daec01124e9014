// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Cli.Commands;

/// <summary>The order in which a stack's services are applied, as a line: <c>db → api, worker → web</c>.</summary>
internal static class StackOrder
{
    /// <summary>Null: all at once.</summary>
    public static string? Of(IReadOnlyList<ServiceSpec> services)
    {
        var waves = Dependencies.Waves(services);
        return waves.Length < 2 ? null : string.Join(" → ", waves.Select(wave => string.Join(", ", wave)));
    }
}
