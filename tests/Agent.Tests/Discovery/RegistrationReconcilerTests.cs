// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Discovery;
using FsCheck;
using FsCheck.Fluent;

namespace ClusterManager.Agent.Tests.Discovery;

public sealed class RegistrationReconcilerTests
{
    [Fact]
    public void Missing_is_registered() =>
        Assert.Equal<RegistrationChange>([new RegistrationChange.Register(Entry(1, true))], RegistrationReconciler.Reconcile([Entry(1,
            true)], [], false));

    [Fact]
    public void Superfluous_is_removed() =>
        Assert.Equal<RegistrationChange>([new RegistrationChange.Deregister(Entry(1).Id)], RegistrationReconciler.Reconcile([], [Entry(1)],
            false));

    [Fact]
    public void Entries_of_others_are_never_touched()
    {
        var foreign = Entry(1) with { Id = "postgres-1" };
        Assert.Empty(RegistrationReconciler.Reconcile([], [foreign], true));
    }

    [Fact]
    public void Another_address_or_port_is_registered_anew()
    {
        var moved = Entry(1, true) with { Port = 20001 };
        Assert.Equal<RegistrationChange>([new RegistrationChange.Register(moved)], RegistrationReconciler.Reconcile([moved], [Entry(1,
            true)], false));
    }

    [Fact]
    public void Equal_needs_nothing_until_the_beat_is_due()
    {
        Assert.Empty(RegistrationReconciler.Reconcile([Entry(1, true)], [Entry(1, true)], false));
        Assert.Equal<RegistrationChange>([new RegistrationChange.SetCheck(Entry(1).Id, true)], RegistrationReconciler.Reconcile([Entry(1,
            true)], [Entry(1, true)], true));
        Assert.Empty(RegistrationReconciler.Reconcile([Entry(1)], [Entry(1)], true));
    }

    [Fact]
    public void What_harms_callers_comes_first()
    {
        var changes = RegistrationReconciler.Reconcile([Entry(1, true), Entry(2, false)], [Entry(1, false), Entry(2, true), Entry(3,
            true)], false);
        Assert.Equal<RegistrationChange>(
            [new RegistrationChange.Deregister(Entry(3).Id), new RegistrationChange.SetCheck(Entry(2).Id, false),
                new RegistrationChange.SetCheck(Entry(1).Id, true)],
            changes);
    }

    [Fact]
    public void Applying_the_changes_makes_both_equal_and_then_nothing_is_left_to_do() =>
        Prop.ForAll(ArbMap.Default.ArbFor<((byte, bool)[], (byte, bool)[])>(), draw =>
        {
            var wanted = Entries(draw.Item1);
            var actual = Entries(draw.Item2).ToDictionary(e => e.Id);
            foreach (var change in RegistrationReconciler.Reconcile(wanted, actual.Values, false))
            {
                if (change is RegistrationChange.Register register) actual[change.Id] = register.Service;
                if (change is RegistrationChange.Deregister) actual.Remove(change.Id);
                if (change is RegistrationChange.SetCheck check) actual[change.Id] = actual[change.Id] with { IsPassing = check.IsPassing };
            }
            return RegistrationReconciler.Reconcile(wanted, actual.Values, false).IsEmpty && actual.Count == wanted.Length;
        }).QuickCheckThrowOnFailure();

    private static Registration[] Entries((byte, bool)[] draws) =>
        [.. draws.DistinctBy(d => d.Item1 % 8).Select(d => Entry(d.Item1 % 8, d.Item2))];

    private static Registration Entry(int slot, bool isPassing = false) => new()
    {
        Id = $"cluster/default/web/{slot}/1",
        Name = "web",
        Address = "10.0.0.1",
        Port = 20000,
        IsPassing = isPassing,
    };
}
