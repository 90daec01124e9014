// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Releases;

/// <summary>The stack of these tests: <c>shop</c> with its services, each of an image of its own.</summary>
internal static class Stacks
{
    public static string Image(string name, int version) => $"registry.test:5000/{name}:{version}";

    public static ServiceSpec Of(string name, int version = 1, int replicas = 2) =>
        Specs.Web(replicas, Image(name, version), $"shop/{name}");

    public static ServiceSpec After(this ServiceSpec spec, string name, DependencyCondition condition = DependencyCondition.Healthy) =>
        spec with { DependsOn = spec.DependsOn.Add(name, condition) };

    public static ServiceSpec Once(this ServiceSpec spec) =>
        spec with { Replicas = 1, Restart = spec.Restart with { Condition = RestartCondition.None } };

    public static MutationResult Deploy(this ModelCluster cluster, params ServiceSpec[] specs) => cluster.Ask((n, origin) =>
        new ClusterEvent.DeployStack(n, origin, "shop", [.. specs.Select(SpecHasher.Accept)], false));

    public static MutationResult BringBack(this ModelCluster cluster, int release = 0) =>
        cluster.Ask((n, origin) => new ClusterEvent.RollBackStack(n, origin, "shop", release));

    /// <summary>The stack's newest release.</summary>
    public static ReleaseEntry Release(this ModelCluster cluster) =>
        cluster.State.History["shop"][cluster.State.Releases["shop"].Number];

    /// <summary>The image that the service's live replicas have, all the same one.</summary>
    public static string Runs(this ModelCluster cluster, string name)
    {
        var revisions = cluster.State.Revisions[cluster.Service($"shop/{name}").Id];
        return Assert.Single(cluster.Live($"shop/{name}").Where(one => one.IsWanted)
            .Select(one => revisions[one.Revision].Spec.Container.Image).Distinct());
    }

    public static ModelCluster Run(this ModelCluster cluster, double seconds)
    {
        cluster.Run(TimeSpan.FromSeconds(seconds));
        return cluster;
    }
}
