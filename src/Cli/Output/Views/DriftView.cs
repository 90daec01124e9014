// SPDX-License-Identifier: Apache-2.0
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Output.Views;

/// <summary>One container that is not as it should be.</summary>
/// <param name="Kind"><c>changed</c>, <c>missing</c> or <c>unknown</c>.</param>
/// <param name="Service">Null: it belongs to none that is known.</param>
/// <param name="Name">The replica, or the container's own name.</param>
/// <param name="Node">Where.</param>
/// <param name="ContainerId">Null: there is none.</param>
/// <param name="Fields">What differs.</param>
internal sealed record DriftView(
    string Kind, string? Service, string Name, string Node, string? ContainerId, IReadOnlyList<DriftFieldView> Fields)
{
    /// <summary>From the wire.</summary>
    public static DriftView Of(V1.ContainerDrift drift) => new(
        Words.Of(drift.Kind), drift.Service is null ? null : Words.NameOf(drift.Service), drift.Name, drift.Node,
        drift.ContainerId.Length == 0 ? null : drift.ContainerId, [.. drift.Fields.Select(DriftFieldView.Of)]);
}

/// <summary>One field that differs.</summary>
/// <param name="Field">Its name.</param>
/// <param name="Wanted">Null: not set.</param>
/// <param name="Found">Null: not set.</param>
/// <param name="Hidden">The values stay on their node: only that they differ is told.</param>
internal sealed record DriftFieldView(string Field, string? Wanted, string? Found, bool Hidden)
{
    /// <summary>From the wire.</summary>
    public static DriftFieldView Of(V1.FieldDrift field) => new(
        field.Field, field.Wanted.Length == 0 ? null : field.Wanted, field.Found.Length == 0 ? null : field.Found, field.Hidden);
}
