// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Shared.Tests.Consul;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Tests.Api.Host;

/// <summary>Who gets in, with which token, and who keeps its certificate.</summary>
[Trait("Category", "Real")]
public sealed class EnrollmentRealTests(HostFixture fixture) : IClassFixture<HostFixture>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_machine_with_a_good_token_gets_its_certificate_and_its_Consul_token()
    {
        using var key = new SigningRequest();
        var answer = await JoinAsync(Request(11, await TokenAsync(), key));
        using var certificate = key.TryComplete(answer.CertificatePem);
        var identity = PeerIdentity.TryRead(certificate!.Certificate);
        Assert.Equal((PeerRole.Node, ModelCluster.Id(11).ToString()), (identity!.Role, identity.Id));
        Assert.NotEqual("", answer.Consul.AgentToken);
        Assert.NotEqual("", answer.Consul.GossipKey);
        Assert.Equal("", answer.Consul.ManagerToken);
        Assert.Equal("", answer.ManagerCertificatePem);
        Assert.Contains(fixture.CaPem.Trim(), answer.CaCertificatesPem.Select(pem => pem.Trim()));
        Assert.Equal("mgrhost", Assert.Single(answer.Managers).Name);
    }

    [Fact]
    public async Task A_bad_token_is_refused_and_says_why()
    {
        var good = await TokenAsync();
        using var key = new SigningRequest();
        var wrong = Request(21, good, key);
        wrong.TokenSecret += "x";
        await RefusedAsync(StatusCode.PermissionDenied, "wrong", wrong);
        var unknown = Request(21, good, key);
        unknown.TokenId = "nonesuch1";
        await RefusedAsync(StatusCode.PermissionDenied, "wrong", unknown);

        using var channel = fixture.ConnectOperator();
        await new V1.TokenApi.TokenApiClient(channel).RevokeAsync(new V1.RevokeTokenRequest { RequestId = "revoke", Id = good.TokenId });
        await RefusedAsync(StatusCode.PermissionDenied, "revoked", Request(21, good, key));

        var single = await TokenAsync(uses: 1);
        await JoinAsync(Request(22, single, key));
        await RefusedAsync(StatusCode.PermissionDenied, "used up", Request(23, single, key));

        var manager = Request(21, await TokenAsync(), key);
        manager.AsManager = true;
        await RefusedAsync(StatusCode.PermissionDenied, "not for managers", manager);
    }

    [Fact]
    public async Task An_expired_token_is_refused()
    {
        var token = await TokenAsync(uses: 1000, validMs: 1000);
        using var key = new SigningRequest();
        await Until.TrueAsync("it expires", Soon, async () =>
        {
            // Another machine each time, until none gets in.
            try
            {
                await JoinAsync(Request(Random.Shared.Next(1_000, 1_000_000), token, key));
                return false;
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.PermissionDenied)
            {
                Assert.Contains("expired", error.Status.Detail, StringComparison.Ordinal);
                return true;
            }
        });
    }

    [Fact]
    public async Task A_name_is_held_by_one_machine()
    {
        var token = await TokenAsync();
        using var key = new SigningRequest();
        await JoinAsync(Request(31, token, key));
        var twin = Request(32, token, key);
        twin.NodeName = "n31";
        await RefusedAsync(StatusCode.FailedPrecondition, "held by the node at", twin);
    }

    [Fact]
    public async Task The_same_join_again_is_the_same_node_and_still_needs_the_secret()
    {
        var token = await TokenAsync(uses: 1);
        using var key = new SigningRequest();
        var first = await JoinAsync(Request(41, token, key));
        var again = await JoinAsync(Request(41, token, key));
        Assert.Equal(first.Consul.AgentToken, again.Consul.AgentToken);
        Assert.NotEqual("", again.CertificatePem);
        var thief = Request(41, token, key);
        thief.TokenSecret = "guessed";
        await RefusedAsync(StatusCode.PermissionDenied, "wrong", thief);
    }

    [Fact]
    public async Task Everything_wrong_with_a_join_is_said_at_once()
    {
        var request = new V1.JoinRequest { NodeId = "x", NodeName = "N_1", AdvertiseAddress = "0.0.0.0" };
        request.Labels["a b"] = "1";
        request.Labels["c"] = new string('x', 257);
        var error = await Assert.ThrowsAsync<RpcException>(() => JoinAsync(request));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        var detail = V1.ErrorDetail.Parser.ParseFrom(error.Trailers.Single(one => one.Key == "cluster-error-bin").ValueBytes);
        string[] expected = ["request_id", "node_id", "name", "advertise", "csr", "labels", "labels.c"];
        Assert.Equal(expected, detail.Fields.Select(field => field.Field));
    }

    [Fact]
    public async Task An_expired_certificate_renews_while_the_record_lives_and_not_after()
    {
        using var key = new SigningRequest();
        await JoinAsync(Request(51, await TokenAsync(), key));
        var id = ModelCluster.Id(51).ToString();
        using var expired = fixture.Connect(fixture.Certify(PeerRole.Node, id, TimeSpan.FromDays(30)));
        var request = new V1.RenewRequest { NodeId = id, CsrPem = key.Pem };
        var renewed = await new V1.Enrollment.EnrollmentClient(expired).RenewAsync(request);
        using var certificate = key.TryComplete(renewed.CertificatePem);
        Assert.True(certificate!.Certificate.NotAfter > TimeProvider.System.GetUtcNow().AddDays(6).LocalDateTime);

        using var other = fixture.Connect(fixture.Certify(PeerRole.Node, ModelCluster.Id(52).ToString()));
        var error = await Assert.ThrowsAsync<RpcException>(async () => await new V1.Enrollment.EnrollmentClient(other).RenewAsync(request));
        Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);

        await RemoveAsync(id);
        error = await Assert.ThrowsAsync<RpcException>(async () => await new V1.Enrollment.EnrollmentClient(expired).RenewAsync(request));
        Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
        Assert.Contains("join again", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_cluster_key_goes_to_managers_only()
    {
        using var manager = fixture.Connect(fixture.Certify(PeerRole.Manager, ModelCluster.Id(1).ToString()));
        var secrets = await new V1.Enrollment.EnrollmentClient(manager).ManagerSecretsAsync(new V1.ManagerSecretsRequest());
        Assert.Equal(ClusterKey.LengthBytes, secrets.ClusterKey.Length);
        using var channel = fixture.ConnectOperator();
        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await new V1.Enrollment.EnrollmentClient(channel).ManagerSecretsAsync(new V1.ManagerSecretsRequest()));
        Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
    }

    // A node that never had a session is down a moment later, and may go then.
    private async Task RemoveAsync(string id)
    {
        using var channel = fixture.ConnectOperator();
        var tries = 0;
        await Until.TrueAsync("the node is removed", Soon, async () =>
        {
            try
            {
                await new V1.NodeApi.NodeApiClient(channel)
                    .RemoveAsync(new V1.RemoveNodeRequest { RequestId = $"rm-{++tries}", Node = id });
                return true;
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.FailedPrecondition)
            {
                return false;
            }
        }, () => fixture.Log.Text);
    }

    private async Task<JoinToken> TokenAsync(int uses = 0, long validMs = 0)
    {
        using var channel = fixture.ConnectOperator();
        var request = new V1.CreateTokenRequest { RequestId = Guid.NewGuid().ToString(), Uses = uses, ValidMs = validMs };
        var answer = await new V1.TokenApi.TokenApiClient(channel).CreateAsync(request);
        var token = JoinToken.TryParse(answer.Token, out var problem);
        Assert.Null(problem);
        Assert.DoesNotContain(token!.Secret.Reveal(), fixture.Log.Text, StringComparison.Ordinal);
        return token;
    }

    private static V1.JoinRequest Request(int node, JoinToken token, SigningRequest key) => new()
    {
        RequestId = $"join-{node}", TokenId = token.TokenId, TokenSecret = token.Secret.Reveal(), NodeId = ModelCluster.Id(node).ToString(),
        NodeName = $"n{node}", AdvertiseAddress = "192.0.2.7", CsrPem = key.Pem,
    };

    private async Task<V1.JoinResponse> JoinAsync(V1.JoinRequest request)
    {
        using var channel = fixture.Connect(null);
        return await new V1.Enrollment.EnrollmentClient(channel).JoinAsync(request);
    }

    private async Task RefusedAsync(StatusCode status, string words, V1.JoinRequest request)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => JoinAsync(request));
        Assert.Equal(status, error.StatusCode);
        Assert.Contains(words, error.Status.Detail, StringComparison.Ordinal);
    }
}
