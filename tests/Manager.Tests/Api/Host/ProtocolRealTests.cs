// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Model;
using ClusterManager.Shared.Tests.Consul;
using ClusterManager.Tests.Support;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Tests.Api.Host;

/// <summary>Agents of other versions than the manager's, on its real port.</summary>
[Trait("Category", "Real")]
public sealed class ProtocolRealTests(HostFixture fixture) : IClassFixture<HostFixture>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(1, 1, 1, "")]
    [InlineData(1, 2, 2, "")]
    [InlineData(2, 3, 2, "")]
    [InlineData(3, 4, 0, "upgrade the managers")]
    [InlineData(0, 0, 0, "upgrade the agent")]
    public async Task An_agent_one_protocol_version_away_works_and_two_away_is_told_which_to_upgrade(
        int min, int max, int chosen, string refusal)
    {
        using var admin = fixture.ConnectOperator();
        await new V1.ServiceApi.ServiceApiClient(admin).ApplyAsync(new V1.ApplyServiceRequest
        {
            RequestId = $"protocol-{min}-{max}", Expect = V1.Expect.Any, Spec = Specs.Web(replicas: 0).ToWire(),
        });
        var before = await DesiredServices.OfAsync(admin);
        var id = ModelCluster.Id(1).ToString();
        using var channel = fixture.Connect(fixture.Certify(PeerRole.Manager, id));
        using var call = new V1.AgentApi.AgentApiClient(channel).Session();
        var hello = new V1.Hello
        {
            NodeId = id, ClusterId = States.Cluster.ToString(), ProtocolMin = min, ProtocolMax = max, EngineUp = true,
            Applied = new StateVersion(1, 0, 0).ToWire(),
        };
        await call.RequestStream.WriteAsync(new V1.AgentMessage { Hello = hello });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Soon));
        var answer = call.ResponseStream.Current;
        Assert.Equal(chosen, answer.Welcome?.Protocol ?? 0);
        Assert.Contains(refusal, answer.Rejected?.Text ?? "", StringComparison.Ordinal);
        // A session works: the leader sends what the node is to have.
        while (chosen > 0 && answer.BodyCase != V1.ManagerMessage.BodyOneofCase.Assignments)
        {
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Soon));
            answer = call.ResponseStream.Current;
        }

        if (chosen > 0)
            await Until.TrueAsync("status shows the level", Soon, async () => await LevelAsync() == chosen, () => fixture.Log.Text);
        var (fault, told) = RowOf(max);
        if (fault.Length > 0) FaultTable.Record(fault, told, before, await DesiredServices.OfAsync(admin), "the manager runs on");

        async Task<int> LevelAsync() => (await new V1.ClusterApi.ClusterApiClient(admin).StatusAsync(new V1.StatusRequest())).Protocol;
    }

    private static (string Fault, string Told) RowOf(int max) => max switch
    {
        0 => ("an agent is two protocol versions older", "'upgrade the agent' in cluster-manager.log and cluster-agent.log"),
        1 => ("an agent is one protocol version older", "nothing fails; the cluster acts at its level (ClusterStatus.protocol is 1)"),
        3 => ("an agent is one protocol version newer", "nothing fails; it acts at the manager's level (ClusterStatus.protocol is 2)"),
        4 => ("an agent is two protocol versions newer", "'upgrade the managers' in cluster-manager.log and cluster-agent.log"),
        _ => ("", ""),
    };
}
