// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Model;
using FsCheck;
using FsCheck.Fluent;

namespace ClusterManager.Manager.Tests.Dispatch;

/// <summary>What a node is sent: exactly what differs, and step by step the same as all at once.</summary>
public sealed class AssignmentDiffTests
{
    private static readonly NodeId Here = ModelCluster.Id(1);

    [Fact]
    public void Nothing_placed_is_nothing_to_send() => Assert.True(Diff(AssignmentDiff.Nothing, States.Empty().With(Specs.Web())).IsEmpty);

    [Fact]
    public void Only_this_nodes_allocations_are_sent()
    {
        var diff = Diff(AssignmentDiff.Nothing, States.Empty().With(Specs.Web(), States.Allocation(1, 1), States.Allocation(2, 2)));
        Assert.Equal(["1-1-1"], diff.Upserts.Select(one => one.Id.ToString()));
        Assert.Empty(diff.Removals);
    }

    [Fact]
    public void What_was_sent_is_not_sent_again()
    {
        var state = States.Empty().With(Specs.Web(), States.Allocation(1, 1));
        var first = Diff(AssignmentDiff.Nothing, state);
        Assert.True(Diff(first.Sent, state.Next()).IsEmpty);
    }

    [Fact]
    public void A_changed_desire_is_an_upsert_and_an_ended_allocation_a_removal()
    {
        var state = States.Empty().With(Specs.Web(), States.Allocation(1, 1), States.Allocation(2, 1));
        var sent = Diff(AssignmentDiff.Nothing, state).Sent;
        var ended = States.Allocation(2, 1) with { Ended = AllocationState.Stopped, EndedAt = ModelCluster.Epoch };
        var diff = Diff(sent, state.Holding(new ServiceId(1), States.Allocation(1, 1, DesiredState.Stop), ended));
        Assert.Equal(DesiredState.Stop, Assert.Single(diff.Upserts).Desired);
        Assert.Equal(["1-2-1"], diff.Removals.Select(id => id.ToString()));
    }

    [Fact]
    public void An_allocation_without_a_resolved_image_waits()
    {
        var state = States.Empty().With(Specs.Web(), States.Allocation(1, 1));
        var revisions = state.Revisions[new ServiceId(1)];
        var unresolved = state with
        {
            Revisions = state.Revisions.SetItem(new ServiceId(1), revisions.SetItem(1, revisions[1] with { Image = null })),
        };
        Assert.True(Diff(AssignmentDiff.Nothing, unresolved).IsEmpty);
    }

    [Fact]
    public void The_same_image_under_a_new_pin_is_sent()
    {
        var state = States.Empty().With(Specs.Web(), States.Allocation(1, 1));
        var revisions = state.Revisions[new ServiceId(1)];
        var repinned = revisions[1] with { Image = revisions[1].Image! with { Pinned = "web@sha256:11" } };
        var sent = Diff(AssignmentDiff.Nothing, state).Sent;
        var next = state with { Revisions = state.Revisions.SetItem(new ServiceId(1), revisions.SetItem(1, repinned)) };
        Assert.Equal("web@sha256:11", Assert.Single(Diff(sent, next).Upserts).Image);
    }

    /// <summary>An agent that applies every step has what one that got only the last COMPLETE has.</summary>
    [Fact]
    public void Step_by_step_is_the_same_as_all_at_once() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ArrayOf(8).ToArbitrary(), seeds =>
        {
            var agent = new SortedDictionary<AllocationId, AssignedAllocation>();
            var sent = AssignmentDiff.Nothing;
            var state = States.Empty().With(Specs.Web());
            foreach (var seed in seeds)
            {
                state = state.Holding(new ServiceId(1), [.. AnyAllocations(new System.Random(seed))]);
                var diff = Diff(sent, state);
                foreach (var id in diff.Removals) Assert.True(agent.Remove(id), "only what was sent is removed");
                foreach (var one in diff.Upserts) agent[one.Id] = one;
                sent = diff.Sent;
            }

            var complete = Diff(AssignmentDiff.Nothing, state);
            Assert.Equal(complete.Upserts, agent.Values);
            Assert.Empty(complete.Removals);
        }).Check(Config.QuickThrowOnFailure);

    private static IEnumerable<AllocationRecord> AnyAllocations(System.Random random)
    {
        for (var slot = 1; slot <= 6; slot++)
        {
            if (random.Next(3) == 0) continue;
            var desired = random.Next(2) == 0 ? DesiredState.Run : DesiredState.Stop;
            var one = States.Allocation(slot, random.Next(1, 3), desired, generation: random.Next(1, 3));
            yield return random.Next(4) == 0 ? one with { Ended = AllocationState.Failed, EndedAt = ModelCluster.Epoch } : one;
        }
    }

    private static AssignmentDiff Diff(ImmutableSortedDictionary<AllocationId, AssignedAllocation> sent, ClusterState state) =>
        AssignmentDiff.Compute(sent, state, Here);
}
