// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Model;

namespace ClusterManager.Agent.Tests.Allocations;

public sealed class AssignmentBookTests
{
    private static readonly AssignmentBook Start = AssignmentBook.Unknown(Make.Version(1, 0))
        .Apply(Make.Complete(Make.Version(1, 1), Make.Assignment(Make.Id(1)), Make.Assignment(Make.Id(2))));

    [Fact]
    public void Complete_replaces_everything()
    {
        var book = Start.Apply(Make.Complete(Make.Version(1, 2), Make.Assignment(Make.Id(3))));
        Assert.Equal([Make.Id(3)], book.Items.Keys);
    }

    [Fact]
    public void Incremental_keeps_what_it_does_not_name_and_forgets_what_it_removes()
    {
        var update = Make.Incremental(Make.Version(1, 1), Make.Version(1, 2), Make.Assignment(Make.Id(3))) with { Removals = [Make.Id(1)] };
        var book = Start.Apply(update);
        Assert.Equal([Make.Id(2), Make.Id(3)], book.Items.Keys);
        Assert.Equal(Make.Version(1, 2), book.Version);
    }

    [Fact]
    public void Desired_state_never_moves_down()
    {
        var stopped = Start.Apply(Make.Complete(Make.Version(1, 2), Make.Assignment(Make.Id(1), DesiredState.Stop)));
        var book = stopped.Apply(Make.Complete(Make.Version(1, 3), Make.Assignment(Make.Id(1))));
        Assert.Equal(DesiredState.Stop, book.Items[Make.Id(1)].Desired);
    }
}
