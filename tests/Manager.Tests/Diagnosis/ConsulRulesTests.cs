// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Manager.Diagnosis;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Model;
using V1 = ClusterManager.Wire.V1;
using Severity = ClusterManager.Wire.V1.Finding.Types.Severity;

namespace ClusterManager.Manager.Tests.Diagnosis;

/// <summary>What is asked of Consul, of its quorum, and of the number of managers.</summary>
public sealed class ConsulRulesTests
{
    [Fact]
    public void A_consul_as_we_set_it_up_gives_no_alarm() =>
        Assert.All(ConsulRules.Judge("n1", Sound(), isOurs: true), one => Assert.Equal(Severity.Ok, one.Severity));

    [Theory]
    [InlineData("GossipLANProbeInterval", "1s", "consul-gossip")]
    [InlineData("ACLDefaultPolicy", "allow", "consul-acl")]
    [InlineData("LeaveOnTerm", "true", "consul-leave")]
    public void A_setting_of_another_value_is_an_alarm_that_names_both(string setting, string value, string check)
    {
        var consul = Sound();
        consul.Settings[setting] = value;
        var alarm = Assert.Single(ConsulRules.Judge("n1", consul, isOurs: true), one => one.Severity == Severity.Alarm);
        Assert.Equal((check, $"{setting} is {value}"), (alarm.Check, alarm.Value));
        Assert.DoesNotContain(ConsulRules.Judge("n1", consul, isOurs: false), one => one.Severity == Severity.Alarm);
    }

    [Fact]
    public void A_setting_that_a_version_does_not_show_is_no_finding()
    {
        var consul = Sound();
        consul.Settings.Clear();
        Assert.Equal(["consul"], ConsulRules.Judge("n1", consul, isOurs: true).Select(one => one.Check));
    }

    [Fact]
    public void A_consul_that_is_silent_leaderless_or_too_old_is_an_alarm()
    {
        var silent = Assert.Single(ConsulRules.Judge("n1", new V1.ConsulInspection { Problem = "connection refused" }, isOurs: true));
        Assert.Equal((Severity.Alarm, "does not answer: connection refused"), (silent.Severity, silent.Value));
        var leaderless = Sound();
        leaderless.Leader = "";
        Assert.Contains(ConsulRules.Judge("n1", leaderless, true), one => one is { Check: "consul", Severity: Severity.Alarm });
        var old = Sound();
        old.Version = "1.7.3";
        Assert.Contains(ConsulRules.Judge("n1", old, true), one => one is { Check: "consul-version", Severity: Severity.Alarm });
    }

    [Fact]
    public void The_quorum_has_the_clusters_servers_and_nobody_else()
    {
        var state = Servers(3);
        Assert.All(QuorumRules.JudgeServers(state, Peers(1, 2, 3), Health(1)), one => Assert.Equal(Severity.Ok, one.Severity));
        Assert.Contains(QuorumRules.JudgeServers(state, Peers(1, 2), Health(0)), one =>
            one is { Severity: Severity.Alarm, Check: "consul-quorum" } && one.Node == state.Nodes[ModelCluster.Id(3)].Name);
        Assert.Contains(QuorumRules.JudgeServers(Servers(1), Peers(1, 2), Health(0)), one =>
            one is { Severity: Severity.Alarm, Check: "consul-quorum" } && one.Node == ModelCluster.NodeNumber(2).Name);
        Assert.Equal(Severity.Alarm, Assert.Single(QuorumRules.JudgeServers(state, null, null)).Severity);
    }

    [Fact]
    public void A_quorum_that_bears_no_further_loss_is_an_alarm_unless_it_never_could()
    {
        Assert.Contains(QuorumRules.JudgeServers(Servers(3), Peers(1, 2, 3), Health(0)), one =>
            one is { Severity: Severity.Alarm, Check: "consul-tolerance" });
        Assert.All(QuorumRules.JudgeServers(Servers(1), Peers(1), Health(0)), one => Assert.Equal(Severity.Ok, one.Severity));
    }

    [Theory]
    [InlineData(1, Severity.Ok)]
    [InlineData(2, Severity.Hint)]
    [InlineData(3, Severity.Ok)]
    public void An_even_number_of_managers_is_a_hint(int managers, Severity severity) =>
        Assert.Equal(severity, Assert.Single(QuorumRules.JudgeManagers(Servers(managers))).Severity);

    [Fact]
    public void A_node_tries_managers_servers_and_its_two_neighbours_but_neither_itself_nor_who_is_down()
    {
        var state = Servers(3);
        state = state with
        {
            NodeObservations = state.NodeObservations.SetItem(
                ModelCluster.Id(3), new NodeObservation { State = NodeState.Down, StateSince = ModelCluster.Epoch }),
        };
        var other = state.Nodes[ModelCluster.Id(2)].Address;
        Assert.Equal(
            [$"{other}:7443", $"{other}:8300", $"{other}:8301"],
            InspectionTargets.For(state, state.Nodes[ModelCluster.Id(1)], 7443).AsEnumerable());
    }

    private static V1.ConsulInspection Sound() => new()
    {
        Answers = true, Version = "1.8.7", Leader = "10.0.0.1:8300", Server = true,
        Settings =
        {
            ["GossipLANProbeInterval"] = "500ms", ["GossipLANProbeTimeout"] = "250ms", ["GossipLANSuspicionMult"] = "3",
            ["ACLsEnabled"] = "true", ["ACLDefaultPolicy"] = "deny", ["EncryptVerifyIncoming"] = "True", ["LeaveOnTerm"] = "false",
        },
    };

    private static ClusterState Servers(int count)
    {
        var state = States.Empty(count);
        return state with
        {
            Nodes = state.Nodes.SetItems(state.Nodes.Select(pair =>
                KeyValuePair.Create(pair.Key, pair.Value with { IsManager = true, IsConsulServer = true }))),
        };
    }

    private static RaftServer[] Peers(params int[] nodes) =>
        [.. nodes.Select(node => new RaftServer { Node = ModelCluster.NodeNumber(node).Name, Id = $"{node}", Voter = true })];

    private static AutopilotHealth Health(int tolerance) => new() { Healthy = true, FailureTolerance = tolerance };
}
