// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Session;
using ClusterManager.Model;

namespace ClusterManager.Agent.Tests.Session;

public sealed class VersionGateTests
{
    private static readonly AssignmentBook Known =
        AssignmentBook.Empty(Make.Version(3, 7, incarnation: 2)).Apply(Make.Complete(Make.Version(3, 7, incarnation: 2),
            Make.Assignment(Make.Id(1))));

    [Theory]
    [InlineData(2, 3, 7, nameof(GateVerdict.Accept))]
    [InlineData(2, 3, 8, nameof(GateVerdict.Accept))]
    [InlineData(2, 4, 0, nameof(GateVerdict.Accept))]
    [InlineData(2, 3, 6, nameof(GateVerdict.Stale))]
    [InlineData(2, 2, 900, nameof(GateVerdict.Stale))]
    [InlineData(1, 900, 900, nameof(GateVerdict.Stale))]
    [InlineData(3, 1, 0, nameof(GateVerdict.UnconfirmedIncarnation))]
    public void Complete_is_judged_by_incarnation_then_term_then_number(long incarnation, long term, long number, string expected) =>
        Assert.Equal(expected, Judge(Make.Complete(new StateVersion(incarnation, term, number))).ToString());

    [Fact]
    public void Another_cluster_is_refused_however_new_it_claims_to_be() =>
        Assert.Equal(GateVerdict.OtherCluster, Judge(Make.Complete(Make.Version(9, 9, 2)) with { Cluster = Make.OtherCluster }));

    [Fact]
    public void An_incarnation_is_believed_once_it_is_confirmed() =>
        Assert.Equal(GateVerdict.Accept, VersionGate.Judge(Make.Cluster, Known, 3, Make.Complete(Make.Version(1, 0, 3))));

    [Fact]
    public void Incremental_needs_the_version_that_is_on_disk()
    {
        Assert.Equal(GateVerdict.Accept, Judge(Make.Incremental(Known.Version, Make.Version(3, 8, 2))));
        Assert.Equal(GateVerdict.NeedComplete, Judge(Make.Incremental(Make.Version(3, 8, 2), Make.Version(3, 9, 2))));
    }

    [Fact]
    public void Incremental_on_an_unknown_state_asks_for_a_complete_one()
    {
        var unknown = AssignmentBook.Unknown(Known.Version);
        Assert.Equal(GateVerdict.NeedComplete, VersionGate.Judge(Make.Cluster, unknown, 2, Make.Incremental(Known.Version, Make.Version(3,
            8, 2))));
    }

    private static GateVerdict Judge(AssignmentUpdate update) => VersionGate.Judge(Make.Cluster, Known, 2, update);
}
