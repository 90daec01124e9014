// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Agent.Allocations;
using ClusterManager.Model;
using FsCheck;
using FsCheck.Fluent;

namespace ClusterManager.Agent.Tests.Allocations;

public sealed class OrphanReconcilerTests
{
    private static readonly AssignmentBook None = AssignmentBook.Empty(Make.Version(1, 1));

    [Fact]
    public void What_is_assigned_and_there_is_adopted_running_or_ended()
    {
        var book = Book(Make.Id(1), Make.Id(2));
        var actions = OrphanReconciler.Reconcile(book, [Found("a", Make.Id(1)), Found("b", Make.Id(2), isRunning: false)]);
        Assert.Equal<OrphanAction>([new OrphanAction.Adopt(Make.Id(1), "a", true), new OrphanAction.Adopt(Make.Id(2), "b", false)],
            actions);
    }

    [Fact]
    public void What_is_assigned_and_missing_is_started() =>
        Assert.Equal<OrphanAction>([new OrphanAction.Start(Make.Id(1))], OrphanReconciler.Reconcile(Book(Make.Id(1)), []));

    [Fact]
    public void What_is_not_assigned_is_stopped_and_removed() =>
        Assert.Equal<OrphanAction>([new OrphanAction.StopAndRemove(Make.Id(9), "x")], OrphanReconciler.Reconcile(None, [Found("x",
            Make.Id(9))]));

    [Fact]
    public void Nothing_is_removed_while_the_assignment_is_unknown()
    {
        var unknown = AssignmentBook.Unknown(Make.Version(1, 1));
        var actions = OrphanReconciler.Reconcile(unknown, [Found("x", Make.Id(9)), Found("y", Make.Id(9), isRunning: false)]);
        Assert.Equal<OrphanAction>([new OrphanAction.Report(Make.Id(9), "x", true)], actions);
    }

    [Fact]
    public void What_only_the_disk_says_removes_nothing_before_a_manager_has_spoken()
    {
        var read = AssignmentBook.Unknown(default).Apply(
            Make.Complete(Make.Version(1, 1), Make.Assignment(Make.Id(1))) with { IsFromDisk = true });
        FoundContainer[] found = [Found("x", Make.Id(9))];
        Assert.Equal<OrphanAction>(
            [new OrphanAction.Start(Make.Id(1)), new OrphanAction.Report(Make.Id(9), "x", true)],
            OrphanReconciler.Reconcile(read, found).OrderBy(action => action.Allocation));
        var told = read.Apply(Make.Complete(Make.Version(1, 2), Make.Assignment(Make.Id(1))));
        Assert.Contains(new OrphanAction.StopAndRemove(Make.Id(9), "x"), OrphanReconciler.Reconcile(told, found));
    }

    [Fact]
    public void Of_two_containers_the_running_one_wins_over_a_newer_ended_one()
    {
        var actions = OrphanReconciler.Reconcile(Book(Make.Id(1)), [Found("new", Make.Id(1), false, 9), Found("old", Make.Id(1), true, 1)]);
        Assert.Equal<OrphanAction>([new OrphanAction.Adopt(Make.Id(1), "old", true), new OrphanAction.RemoveDuplicate(Make.Id(1), "new")],
            actions);
    }

    [Fact]
    public void Every_allocation_gets_exactly_one_action_and_order_of_the_list_does_not_matter() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte[], (byte, bool, byte)[])>(), draw =>
        {
            var book = Book([.. draw.Item1.Select(b => Make.Id((b % 5) + 1)).Distinct()]);
            var containers = draw.Item2.Select((c, i) => Found($"c{i}", Make.Id((c.Item1 % 5) + 1), c.Item2, c.Item3)).ToArray();
            var actions = OrphanReconciler.Reconcile(book, containers);
            var backwards = OrphanReconciler.Reconcile(book, containers.Reverse());
            var main = actions.Where(a => a is not OrphanAction.RemoveDuplicate).Select(a => a.Allocation).ToArray();
            var expected = book.Items.Keys.Union(containers.Select(c => c.Allocation)).Order();
            return actions.SequenceEqual(backwards) && main.SequenceEqual(expected)
                && actions.Length - main.Length == containers.Length - containers.DistinctBy(c => c.Allocation).Count();
        }).QuickCheckThrowOnFailure();

    private static AssignmentBook Book(params AllocationId[] ids) =>
        None.Apply(Make.Complete(Make.Version(1, 2), [.. ids.Select(id => Make.Assignment(id))]));

    private static FoundContainer Found(string container, AllocationId id, bool isRunning = true, int age = 0) =>
        new(container, id, isRunning, DateTimeOffset.UnixEpoch.AddSeconds(age));
}
