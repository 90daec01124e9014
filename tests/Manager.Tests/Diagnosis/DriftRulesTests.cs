// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Diagnosis;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Tests.Diagnosis;

/// <summary>What agents found beside what is recorded.</summary>
public sealed class DriftRulesTests
{
    private static readonly DateTimeOffset Later = ModelCluster.Epoch.AddMinutes(1);

    private readonly ClusterState _state = States.Empty().With(
        Specs.Web(2), States.Allocation(1, 1), States.Allocation(2, 2), States.Allocation(3, 2, DesiredState.Remove));

    [Fact]
    public void A_finding_has_its_replicas_name_and_its_nodes()
    {
        var finding = new V1.ContainerFinding { Kind = V1.DriftKind.Changed, Allocation = Ref(1), ContainerId = "c1" };
        finding.Fields.Add(new V1.FieldDrift { Field = "memory", Wanted = "1", Found = "2" });
        var report = Judge(Answer([1], finding), Answer([2]));
        var drift = Assert.Single(report.Containers);
        Assert.Equal(("web.1", "h1", "web", "memory"), (drift.Name, drift.Node, drift.Service.Name, Assert.Single(drift.Fields).Field));
        Assert.Equal(2, report.Compared);
        Assert.Empty(report.Unseen);
    }

    [Fact]
    public void What_is_recorded_and_unknown_to_its_agent_is_missing_once_it_is_not_young()
    {
        var drift = Assert.Single(Judge(Answer([1]), Answer([])).Containers);
        Assert.Equal((V1.DriftKind.Missing, "web.2", "h2"), (drift.Kind, drift.Name, drift.Node));
        Assert.Empty(Judge(ModelCluster.Epoch.AddSeconds(5), Answer([1]), Answer([])).Containers);
    }

    [Fact]
    public void What_was_told_to_stop_meanwhile_is_no_drift_and_a_stranger_is()
    {
        var stopping = new V1.ContainerFinding { Kind = V1.DriftKind.Changed, Allocation = Ref(3) };
        var stranger = new V1.ContainerFinding { Kind = V1.DriftKind.Unknown, ContainerName = "copy", ContainerId = "c9" };
        var drift = Assert.Single(Judge(Answer([1]), Answer([2], stopping, stranger)).Containers);
        Assert.Equal((V1.DriftKind.Unknown, "copy"), (drift.Kind, drift.Name));
        Assert.Null(drift.Service);
    }

    [Fact]
    public void A_node_that_does_not_answer_is_named_and_nothing_is_missed_there()
    {
        var report = Judge(null, Answer([2]));
        Assert.Equal("h1", Assert.Single(report.Unseen).Node);
        Assert.Empty(report.Containers);
        var broken = Answer([2]);
        broken.Problem = "Docker Engine at /x: refused";
        Assert.Equal(("h2", "Docker Engine at /x: refused"),
            (Judge(Answer([1]), broken).Unseen[0].Node, Judge(Answer([1]), broken).Unseen[0].Problem));
    }

    [Fact]
    public void Other_services_than_the_named_ones_are_left_out()
    {
        var finding = new V1.ContainerFinding { Kind = V1.DriftKind.Missing, Allocation = Ref(1) };
        var nodes = _state.Nodes.Values.Zip([Answer([1], finding), Answer([])], (node, answer) => (node, (V1.Comparison?)answer)).ToList();
        Assert.Empty(DriftRules.Judge(_state, nodes, [new ServiceId(9)], Later).Containers);
        Assert.Equal(2, DriftRules.Judge(_state, nodes, [new ServiceId(1)], Later).Containers.Count);
    }

    private V1.DriftReport Judge(params V1.Comparison?[] answers) => Judge(Later, answers);

    private V1.DriftReport Judge(DateTimeOffset now, params V1.Comparison?[] answers) =>
        DriftRules.Judge(_state, [.. _state.Nodes.Values.Zip(answers)], [], now);

    private static V1.AllocationRef Ref(int slot) => new AllocationId(new ServiceId(1), slot, 1).ToWire();

    private static V1.Comparison Answer(int[] known, params V1.ContainerFinding[] findings)
    {
        var answer = new V1.Comparison { Compared = 1 };
        answer.Known.AddRange(known.Select(Ref));
        answer.Findings.AddRange(findings);
        return answer;
    }
}
