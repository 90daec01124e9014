// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Model;

/// <summary>
/// Checks what the specs of a stack say of one another: whom they depend on. Every error at once, each with the service's field.
/// </summary>
public static class StackValidator
{
    /// <summary>All errors; empty when the stack's services fit together.</summary>
    public static ImmutableArray<FieldError> Validate(IReadOnlyList<ServiceSpec> services)
    {
        ArgumentNullException.ThrowIfNull(services);
        var errors = new ErrorList();
        var specs = services.DistinctBy(spec => spec.Name.Name).ToDictionary(spec => spec.Name.Name, StringComparer.Ordinal);
        foreach (var spec in services)
            foreach (var (name, condition) in spec.DependsOn)
                if (name != spec.Name.Name) Check(errors, $"services.{spec.Name.Name}.depends_on", name, condition, specs);
        // A service that depends on itself is told with its own spec.
        var others = services.Select(spec => spec with { DependsOn = spec.DependsOn.Remove(spec.Name.Name) });
        if (Dependencies.Circle(others) is { Length: > 0 } circle)
            errors.Add($"services.{circle[0]}.depends_on", string.Join(" → ", circle), "services that do not wait for one another");
        return errors.ToImmutable();
    }

    private static void Check(
        ErrorList errors, string field, string name, DependencyCondition condition, Dictionary<string, ServiceSpec> specs)
    {
        if (!specs.TryGetValue(name, out var other)) errors.Add(field, name, "a service of the same stack");
        else if (condition == DependencyCondition.Completed && other.Restart.Condition == RestartCondition.Any)
            errors.Add(field, name, "a service that ends: it is restarted always (restart: \"no\" or on-failure lets it end)");
        else if (condition == DependencyCondition.Healthy && other.Health?.Kind == HealthKind.Disabled)
            errors.Add(field, name, "a service whose health check is not disabled, or service_started");
    }
}
