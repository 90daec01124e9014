// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Shared.Tests.Consul;
using ClusterManager.Tests.Support;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Tests.Api.Host;

/// <summary>A manager that was off for longer than its certificate lives.</summary>
public sealed class ExpiredHostFixture : HostFixture
{
    /// <inheritdoc/>
    protected override TimeSpan CertificateAge => TimeSpan.FromDays(30);
}

/// <summary>Everything was off for a month: nobody has a valid certificate, and the cluster comes back all the same.</summary>
[Trait("Category", "Real")]
public sealed class LongOutageRealTests(ExpiredHostFixture fixture) : IClassFixture<ExpiredHostFixture>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_manager_renews_its_expired_certificate_itself_and_then_expired_nodes_renew_theirs()
    {
        using var admin = fixture.ConnectOperator();
        await Until.TrueAsync("an operator, who checks certificates, is served", Soon, () => AnswersAsync(admin), () => fixture.Log.Text);

        var before = await DesiredServices.OfAsync(admin);
        var id = ModelCluster.Id(1).ToString();
        using var csr = new SigningRequest();
        using var expired = fixture.Connect(fixture.Certify(PeerRole.Node, id, TimeSpan.FromDays(30)));
        var renewed = await new V1.Enrollment.EnrollmentClient(expired).RenewAsync(new V1.RenewRequest { NodeId = id, CsrPem = csr.Pem });
        using var pair = csr.TryComplete(renewed.CertificatePem);
        Assert.True(pair!.Certificate.NotAfter.ToUniversalTime() > TimeProvider.System.GetUtcNow().AddDays(6));
        Assert.Contains("The manager's certificate had expired; it renewed it itself", fixture.Log.Text, StringComparison.Ordinal);
        FaultTable.Record(
            "every certificate has expired in an outage of a month", "CertificateSelfRenewed in cluster-manager.log; nothing is to do",
            before, await DesiredServices.OfAsync(admin), "the manager renews its own and serves; a node's expired one renews");
    }

    private static async Task<bool> AnswersAsync(ChannelBase channel)
    {
        try
        {
            await new V1.ClusterApi.ClusterApiClient(channel).StatusAsync(new V1.StatusRequest());
            return true;
        }
        catch (RpcException)
        {
            return false;
        }
    }
}
