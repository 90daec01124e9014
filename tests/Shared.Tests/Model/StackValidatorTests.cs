// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Shared.Tests.Model;

/// <summary>What services of a stack say of one another.</summary>
public sealed class StackValidatorTests
{
    [Fact]
    public void Services_come_in_waves_each_after_what_it_depends_on() => Assert.Equal(
        ["a|b", "c", "d|e"],
        Dependencies.Waves([Of("e", "c"), Of("d", "a", "c"), Of("c", "a", "b"), Of("b"), Of("a")])
            .Select(wave => string.Join('|', wave)));

    [Fact]
    public void A_circle_is_named_once_with_its_members()
    {
        var error = Assert.Single(StackValidator.Validate([Of("a", "b"), Of("b", "c"), Of("c", "b"), Of("d")]));
        Assert.Equal(("services.b.depends_on", "b → c → b"), (error.Field, error.Value));
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once()
    {
        var always = Of("always");
        var unjudged = Of("unjudged") with { Health = new HealthSpec { Kind = HealthKind.Disabled } };
        var web = Of("web") with
        {
            DependsOn = Dependencies.None.Add("always", DependencyCondition.Completed).Add("gone", DependencyCondition.Started)
                .Add("unjudged", DependencyCondition.Healthy),
        };
        Assert.Equal(["always", "gone", "unjudged"], StackValidator.Validate([always, unjudged, web]).Select(error => error.Value));
    }

    [Fact]
    public void A_service_cannot_wait_for_itself_and_its_other_conditions_are_checked()
    {
        var spec = Of("web", "web") with { DependsOn = Of("web", "web").DependsOn.Add("DB", (DependencyCondition)9) };
        Assert.Equal(["DB", "web", "9"],
            SpecValidator.Validate(spec).Where(error => error.Field.StartsWith("depends_on", StringComparison.Ordinal))
                .Select(error => error.Value).OrderBy(value => value == "9").ThenBy(value => value, StringComparer.Ordinal));
    }

    private static ServiceSpec Of(string name, params string[] after) => new()
    {
        Name = new ServiceName("shop", name), Container = new ContainerSpec { Image = "i" },
        DependsOn = Dependencies.Of(after.Select(one => KeyValuePair.Create(one, DependencyCondition.Healthy))),
    };
}
