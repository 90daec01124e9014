// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.State;

public sealed class ClusterStateBuilderTests
{
    [Fact]
    public void Records_make_the_same_state_again()
    {
        var cluster = new ModelCluster().Up();
        cluster.Apply(Specs.Web(1, name: "db").WithVolume());
        cluster.Apply(Specs.Web(300));
        cluster.Run(TimeSpan.FromSeconds(20));
        cluster.Scale("web", 3);
        cluster.Run(TimeSpan.FromSeconds(5));
        var stored = ClusterStateBuilder.Store(cluster.State);
        var built = ClusterStateBuilder.Build(stored);
        Assert.Empty(StateInvariants.Check(built));
        Assert.Equal(cluster.State.Allocations[new ServiceId(2)].LastGenerations, built.Allocations[new ServiceId(2)].LastGenerations);
        Assert.Equal(
            cluster.State.Allocations[new ServiceId(2)].BySlot.Values.SelectMany(r => r),
                built.Allocations[new ServiceId(2)].BySlot.Values.SelectMany(r => r));
        Assert.Equal(cluster.State.Volumes, built.Volumes);
        Assert.Equal(3, stored.Allocations.Count);
    }

    [Fact]
    public void Generations_of_live_allocations_count_though_only_others_are_stored()
    {
        var service = new ServiceId(1);
        var record = new AllocationRecord
        {
            Id = new AllocationId(service, 5, 7), Node = ModelCluster.Id(1), Revision = 1, Desired = DesiredState.Run,
                CreatedAt = ModelCluster.Epoch,
        };
        var stored = ClusterStateBuilder.Store(new ModelCluster().Up().State);
        var cluster = new ModelCluster().Up();
        cluster.Apply(Specs.Web(0));
        stored = ClusterStateBuilder.Store(cluster.State)
            with { Allocations = [new AllocationChunk { Service = service, Chunk = 0, Allocations = [record] }] };
        Assert.Equal(7, ClusterStateBuilder.Build(stored).Allocations[service].LastGenerations[5]);
    }
}
