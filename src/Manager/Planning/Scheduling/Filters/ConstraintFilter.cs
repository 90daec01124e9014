// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Scheduling.Filters;

/// <summary>All constraints of the spec hold for the node.</summary>
internal sealed class ConstraintFilter : IPlacementFilter
{
    public Reason? Check(NodeCandidate node, PlacementRequest request)
    {
#if MUTANTS
        if (MutantSwitch.Is(Mutant.IgnoreConstraints)) return null;
#endif
        foreach (var constraint in request.Spec.Constraints)
            if (!Holds(constraint, node.Record))
                return new Reason(ReasonCode.ConstraintNotMet, $"'{constraint}' does not hold: {ValueText(constraint, node.Record)}");
        return null;
    }

    public bool CouldHold(NodeCandidate node, PlacementRequest request) =>
        request.Spec.Constraints.All(constraint => Holds(constraint, node.Record));

    /// <summary>Compared ordinal, ignoring case. A label that the node lacks equals nothing.</summary>
    internal static bool Holds(PlacementConstraint constraint, NodeRecord node)
    {
        var value = ValueOf(constraint.Attribute, node);
        var isEqual = value is not null && string.Equals(value, constraint.Value, StringComparison.OrdinalIgnoreCase);
        return isEqual == constraint.IsEqual;
    }

    private static string? ValueOf(string attribute, NodeRecord node) => attribute switch
    {
        "node.id" => node.Id.ToString(),
        "node.hostname" => node.Name,
        "node.platform.os" => node.Facts?.Os,
        "node.platform.arch" => node.Facts?.Arch,
        _ when attribute.StartsWith(PlacementConstraint.LabelPrefix, StringComparison.Ordinal) =>
            node.Labels.GetValueOrDefault(attribute[PlacementConstraint.LabelPrefix.Length..]),
        _ => null,
    };

    private static string ValueText(PlacementConstraint constraint, NodeRecord node) =>
        ValueOf(constraint.Attribute, node) is { } value
            ? $"{node.Name} has '{value}'"
            : constraint.Attribute.StartsWith(PlacementConstraint.LabelPrefix, StringComparison.Ordinal)
                ? $"{node.Name} has no label '{constraint.Attribute[PlacementConstraint.LabelPrefix.Length..]}'"
                : $"{node.Name} has not told its {constraint.Attribute} yet";
}
