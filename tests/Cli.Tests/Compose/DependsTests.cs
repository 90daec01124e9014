// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Cli.Tests.Compose;

/// <summary>The key <c>depends_on</c> in its forms.</summary>
public sealed class DependsTests
{
    [Fact]
    public void The_short_form_waits_for_the_start_and_the_long_one_says_for_what()
    {
        var result = ComposeText.Read("""
            services:
              web: {image: i, depends_on: [api]}
              api:
                image: i
                depends_on:
                  db: {condition: service_healthy, restart: false}
                  migrate: {condition: service_completed_successfully}
                  cache: {condition: service_started, required: false}
              db: {image: i}
              migrate: {image: i, restart: "no"}
            """);
        Assert.Empty(result.Errors.Select(error => error.ToString()));
        var specs = result.Services.ToDictionary(spec => spec.Name.Name);
        Assert.Equal([KeyValuePair.Create("api", DependencyCondition.Started)], specs["web"].DependsOn);
        // One that is not required and not there is as if it were not named.
        Assert.Equal(
            [KeyValuePair.Create("db", DependencyCondition.Healthy), KeyValuePair.Create("migrate", DependencyCondition.Completed)],
            specs["api"].DependsOn);
    }

    [Fact]
    public void A_circle_and_a_job_that_never_ends_are_errors_with_their_places()
    {
        var result = ComposeText.Read("""
            services:
              a: {image: i, depends_on: [b]}
              b: {image: i, depends_on: [a]}
              c: {image: i, depends_on: {d: {condition: service_completed_successfully}}}
              d: {image: i}
            """);
        Assert.Empty(result.Services);
        Assert.Equal(["2:17 services.a.depends_on", "4:30 services.c.depends_on"],
            result.Errors.Select(error => error.ToString()["f.yml:".Length..].Split(": ")[0]).Order());
    }
}
