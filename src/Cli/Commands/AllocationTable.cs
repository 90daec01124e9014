// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Output.Views;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary>Allocations as a table: of a service, of a node, of an explanation.</summary>
internal static class AllocationTable
{
    /// <summary>The columns; the name is prefixed by the stack elsewhere.</summary>
    public static IReadOnlyList<Column<V1.AllocationView>> Columns(DateTimeOffset now) =>
    [
        new("NAME", a => a.Name),
        new("ID", a => AllocationRow.Of(a).Id, IsWide: true),
        new("REVISION", Revision),
        new("NODE", a => a.NodeName),
        new("STATE", a => AllocationRow.Of(a).State),
        new("HEALTH", a => AllocationRow.Of(a).Health),
        new("RESTARTS", a => (a.Status?.Restarts ?? 0).ToString(CultureInfo.InvariantCulture)),
        new("PORTS", a => string.Join(", ", AllocationRow.Of(a).Ports), IsWide: true),
        new("CONTAINER", a => a.Status?.ContainerId is { Length: > 12 } id ? id[..12] : a.Status?.ContainerId ?? "", IsWide: true),
        new("SINCE", a => Since(a, now)),
    ];

    private static string Revision(V1.AllocationView a) =>
        string.Create(CultureInfo.InvariantCulture, $"{a.Revision}{(AllocationRow.ColourOf(a) is { } colour ? $" {colour}" : "")}");

    private static string Since(V1.AllocationView a, DateTimeOffset now)
    {
        var reason = AllocationRow.Of(a).Reason;
        var since = TimeText.Ago(a.ChangedUnixMs, now);
        return reason is null ? since : $"{since}   {reason}";
    }
}
