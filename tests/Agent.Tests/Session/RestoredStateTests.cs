// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Session;
using ClusterManager.Model;

namespace ClusterManager.Agent.Tests.Session;

/// <summary>What an agent does with the words of a restored state, which knows less than runs.</summary>
public sealed class RestoredStateTests
{
    private static readonly AssignmentBook Before = AssignmentBook.Unknown(Make.Version(1, 0)).Apply(
        Make.Complete(
            Make.Version(1, 1), Make.Assignment(Make.Id(1)), Make.Assignment(Make.Id(2)), Make.Assignment(Make.Id(3), DesiredState.Stop)));

    [Fact]
    public void What_a_new_life_does_not_name_runs_on_and_what_was_stopping_does_not_come_back()
    {
        var book = Before.Apply(Make.Complete(Make.Version(1, 0, incarnation: 2), Make.Assignment(Make.Id(1))));
        Assert.Equal([Make.Id(1), Make.Id(2)], book.Items.Keys);
        Assert.False(book.Items[Make.Id(1)].IsStray);
        Assert.True(book.Items[Make.Id(2)].IsStray);
    }

    [Fact]
    public void A_stray_stays_over_every_message_that_does_not_name_it()
    {
        var book = Before.Apply(Make.Complete(Make.Version(1, 0, 2), Make.Assignment(Make.Id(1))));
        book = book.Apply(Make.Complete(Make.Version(1, 1, 2), Make.Assignment(Make.Id(1))));
        book = book.Apply(Make.Incremental(Make.Version(1, 1, 2), Make.Version(1, 2, 2), Make.Assignment(Make.Id(4))));
        Assert.Equal([Make.Id(1), Make.Id(2), Make.Id(4)], book.Items.Keys);
    }

    [Fact]
    public void A_stray_goes_when_a_manager_names_it_and_is_one_no_more_when_it_is_adopted()
    {
        var book = Before.Apply(Make.Complete(Make.Version(1, 0, 2)));
        var removed = book.Apply(Make.Complete(Make.Version(1, 1, 2)) with { Removals = [Make.Id(1)] });
        Assert.Equal([Make.Id(2)], removed.Items.Keys);
        var adopted = book.Apply(Make.Incremental(Make.Version(1, 0, 2), Make.Version(1, 1, 2), Make.Assignment(Make.Id(2))));
        Assert.False(adopted.Items[Make.Id(2)].IsStray);
        Assert.Equal([Make.Id(2)], adopted.Apply(Make.Complete(Make.Version(1, 2, 2)) with { Removals = [Make.Id(1), Make.Id(2)],
            Upserts = [Make.Assignment(Make.Id(2))] }).Items.Keys);
    }

    [Fact]
    public void Within_one_life_a_complete_message_is_believed_whole() =>
        Assert.Equal([Make.Id(1)], Before.Apply(Make.Complete(Make.Version(1, 2), Make.Assignment(Make.Id(1)))).Items.Keys);

    [Fact]
    public void A_node_that_knew_nothing_removes_no_container_that_a_restored_state_lacks()
    {
        FoundContainer[] found = [new FoundContainer("c9", Make.Id(9), true, DateTimeOffset.UnixEpoch)];
        var restored = AssignmentBook.Unknown(default).Apply(Make.Complete(Make.Version(1, 0, 2), Make.Assignment(Make.Id(1))));
        Assert.IsType<OrphanAction.Report>(
            Assert.Single(OrphanReconciler.Reconcile(restored, found), action => action.Allocation == Make.Id(9)));
        var later = restored.Apply(Make.Complete(Make.Version(1, 1, 2)));
        Assert.IsType<OrphanAction.Report>(Assert.Single(OrphanReconciler.Reconcile(later, found)));

        var first = AssignmentBook.Unknown(default).Apply(Make.Complete(Make.Version(1, 0), Make.Assignment(Make.Id(1))));
        Assert.IsType<OrphanAction.StopAndRemove>(
            Assert.Single(OrphanReconciler.Reconcile(first, found), action => action.Allocation == Make.Id(9)));
    }

    [Fact]
    public void Strays_survive_the_disk()
    {
        var book = Before.Apply(Make.Complete(Make.Version(1, 0, 2), Make.Assignment(Make.Id(1))));
        var read = AssignmentBook.Unknown(default).Apply(book.ToWire(Make.Cluster).ToModel()!);
        Assert.True(read.Items[Make.Id(2)].IsStray);
        Assert.Equal(2, read.Life);
        Assert.Equal([Make.Id(2)], read.Strays(2).Keys);
        Assert.Equal([Make.Id(1), Make.Id(2)], read.Strays(3).Keys);
    }
}
