// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Benchmarks.Step;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;

namespace ClusterManager.Manager.Tests.Engine;

/// <summary>The same change costs about the same in a cluster ten times as large: no turn looks at every node or service.</summary>
public sealed class StepScaleTests
{
    private static readonly StepWorld Small = new(100);
    private static readonly StepWorld Large = new(1000);

    [Theory]
    [InlineData(nameof(StepWorld.StatusReport))]
    [InlineData(nameof(StepWorld.ScaleUp))]
    [InlineData(nameof(StepWorld.NewRevision))]
    [InlineData(nameof(StepWorld.NodeLost))]
    public void A_turn_allocates_about_the_same_in_a_cluster_ten_times_as_large(string change)
    {
        var (small, large) = (BytesOf(Small, change), BytesOf(Large, change));
        Assert.True(large < small * 1.5, $"{small} bytes with 100 nodes, {large} with 1,000");
    }

    [Fact]
    public void A_lost_node_is_replaced_in_one_turn_and_the_indexes_follow()
    {
        var result = Large.Try(Large.NodeLost);
        Assert.Equal(StepWorld.PerNode, result.Changes.OfType<StateChange.PutAllocations>().Count());
        Assert.False(result.State.LiveByNode.ContainsKey(StepWorld.Id(9)));
        Assert.Empty(StateInvariants.CheckStep(Large.State, result.State));
    }

    private static long BytesOf(StepWorld world, string change)
    {
        var events = change switch
        {
            nameof(StepWorld.StatusReport) => world.StatusReport,
            nameof(StepWorld.ScaleUp) => world.ScaleUp,
            nameof(StepWorld.NewRevision) => world.NewRevision,
            _ => world.NodeLost,
        };
        world.Try(events); // what is made once, for ever
        var before = GC.GetAllocatedBytesForCurrentThread();
        world.Try(events);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
