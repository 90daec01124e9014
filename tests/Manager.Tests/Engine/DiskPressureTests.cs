// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Planning;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Engine;

/// <summary>A node whose disk is nearly full.</summary>
public sealed class DiskPressureTests
{
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(2);

    [Fact]
    public void It_takes_nothing_new_keeps_what_it_has_and_says_why_with_numbers()
    {
        var cluster = new ModelCluster(2).Up();
        cluster.Apply(Specs.Web(2));
        cluster.Run(Rest);
        Fill(cluster, 1);
        cluster.Scale("web", 6);
        cluster.Run(Rest);
        Assert.Equal(6, cluster.Available("web"));
        Assert.Equal(1, cluster.Live("web").Count(record => record.Node == ModelCluster.Id(1)));
        var verdict = Explainer.Explain(cluster.State, cluster.Service("web").Id, cluster.Now).Nodes
            .Single(one => one.Node == ModelCluster.Id(1));
        Assert.Equal(ReasonCode.DiskPressure, verdict.Reason!.Code);
        Assert.Equal("h1's disk is nearly full: 512.0 MB of 20.0 GB free", verdict.Reason.Text);
    }

    [Fact]
    public void Where_all_are_full_the_gap_says_so_and_is_filled_when_one_has_room_again()
    {
        var cluster = new ModelCluster(2).Up();
        Fill(cluster, 1);
        Fill(cluster, 2);
        cluster.Apply(Specs.Web(2));
        cluster.Run(TimeSpan.FromSeconds(10));
        var gap = cluster.State.Gaps[cluster.Service("web").Id].Reason;
        Assert.Equal(ReasonCode.NoNodeFreeNow, gap.Code);
        Assert.Contains("disk is nearly full", gap.Text, StringComparison.Ordinal);
        Fill(cluster, 2, isPressed: false);
        cluster.Run(Rest);
        Assert.Equal(2, cluster.Available("web"));
        Assert.All(cluster.Live("web"), record => Assert.Equal(ModelCluster.Id(2), record.Node));
    }

    [Fact]
    public void A_new_leader_and_an_agent_that_says_nothing_know_of_no_full_disk()
    {
        var cluster = new ModelCluster(1).Up();
        Fill(cluster, 1);
        cluster.ChangeLeader();
        cluster.Apply(Specs.Web(1));
        cluster.Run(Rest);
        Assert.Equal(1, cluster.Available("web"));
    }

    private static void Fill(ModelCluster cluster, int node, bool isPressed = true)
    {
        var agent = cluster.Agents[ModelCluster.Id(node)];
        cluster.Send(new ClusterEvent.AgentReported(agent.Node, agent.Session, true, null, [])
        {
            Disk = new DiskObservation { FreeBytes = isPressed ? 512L << 20 : 10L << 30, SizeBytes = 20L << 30, IsPressed = isPressed },
        });
        cluster.Turn();
    }
}
