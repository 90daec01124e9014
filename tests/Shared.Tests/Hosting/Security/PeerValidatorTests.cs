// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterManager.Hosting.Security;

namespace ClusterManager.Shared.Tests.Hosting.Security;

public sealed class PeerValidatorTests : IDisposable
{
    private const string Cluster = "c1";
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly ManualTime _time = new(Start);
    private readonly ClusterCertificateAuthority _authority;
    private readonly PeerValidator _validator;

    public PeerValidatorTests()
    {
        _authority = ClusterCertificateAuthority.Create(Cluster, _time);
        _validator = new PeerValidator(Cluster, () => _authority.Trust, _time);
    }

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData(PeerRole.Node)]
    [InlineData(PeerRole.Manager)]
    [InlineData(PeerRole.Operator)]
    public void Every_role_is_trusted_as_client(PeerRole role)
    {
        using var pair = Issue(_authority, role);
        var verdict = _validator.JudgeClient(pair.Certificate);
        Assert.True(verdict.IsTrusted);
        Assert.Equal(new PeerIdentity(role, "id-1", Cluster), verdict.Identity);
    }

    [Fact]
    public void Absent_certificate_is_anonymous_for_a_server_and_no_server_for_a_client()
    {
        Assert.Equal(PeerVerdictKind.Absent, _validator.JudgeClient(null).Kind);
        Assert.True(PeerValidator.AllowsHandshake(_validator.JudgeClient(null)));
        Assert.False(_validator.JudgeServer(null).IsTrusted);
    }

    [Fact]
    public void Only_a_manager_is_a_server()
    {
        using CertificateWithKey manager = Issue(_authority, PeerRole.Manager), node = Issue(_authority, PeerRole.Node);
        Assert.True(_validator.JudgeServer(manager.Certificate).IsTrusted);
        // A node's certificate is not for servers at all, so the chain already refuses it.
        Assert.Equal(PeerVerdictKind.Untrusted, _validator.JudgeServer(node.Certificate).Kind);
        using var posing = ForgeLeaf("node", serverUse: true);
        Assert.Equal(PeerVerdictKind.WrongRole, _validator.JudgeServer(posing).Kind);
    }

    [Fact]
    public void Another_authority_is_untrusted_even_for_the_same_cluster_id()
    {
        using var other = ClusterCertificateAuthority.Create(Cluster, _time);
        using var pair = Issue(other, PeerRole.Manager);
        Assert.Equal(PeerVerdictKind.Untrusted, _validator.JudgeClient(pair.Certificate).Kind);
        Assert.Equal(PeerVerdictKind.Untrusted, _validator.JudgeServer(pair.Certificate).Kind);
        Assert.False(PeerValidator.AllowsHandshake(_validator.JudgeClient(pair.Certificate)));
    }

    [Fact]
    public void The_root_itself_is_no_peer() =>
        Assert.False(PeerValidator.AllowsHandshake(_validator.JudgeClient(_authority.Trust.Roots[0])));

    [Fact]
    public void Trusted_root_of_another_cluster_does_not_make_its_members_ours()
    {
        using var other = ClusterCertificateAuthority.Create("c2", _time);
        using var pair = other.IssueWithKey(new PeerIdentity(PeerRole.Manager, "id-1", "c2"), []);
        var both = _authority.Trust.With(other.Trust);
        Assert.Equal(PeerVerdictKind.OtherCluster, new PeerValidator(Cluster, () => both, _time).JudgeServer(pair.Certificate).Kind);
    }

    [Fact]
    public void Expired_certificate_that_chains_has_a_verdict_of_its_own()
    {
        using var pair = Issue(_authority, PeerRole.Node);
        _time.Now = Start.AddDays(7).AddSeconds(1);
        var verdict = _validator.JudgeClient(pair.Certificate);
        Assert.Equal(PeerVerdictKind.Expired, verdict.Kind);
        Assert.Equal("id-1", verdict.Identity!.Id);
        Assert.False(verdict.IsTrusted);
        Assert.True(PeerValidator.AllowsHandshake(verdict));
    }

    [Fact]
    public void Expired_manager_is_not_dialled()
    {
        using var pair = Issue(_authority, PeerRole.Manager);
        _time.Now = Start.AddDays(8);
        Assert.False(_validator.JudgeServer(pair.Certificate).IsTrusted);
    }

    [Fact]
    public void Expired_certificate_of_another_authority_is_untrusted_and_not_merely_expired()
    {
        using var other = ClusterCertificateAuthority.Create(Cluster, _time);
        using var pair = Issue(other, PeerRole.Node);
        _time.Now = Start.AddDays(30);
        Assert.Equal(PeerVerdictKind.Untrusted, _validator.JudgeClient(pair.Certificate).Kind);
    }

    [Fact]
    public void Nothing_is_trusted_after_the_end_of_the_root()
    {
        using var pair = Issue(_authority, PeerRole.Node);
        _time.Now = Start.AddDays(3651);
        Assert.Equal(PeerVerdictKind.Untrusted, _validator.JudgeClient(pair.Certificate).Kind);
    }

    [Theory]
    [InlineData(-59, PeerVerdictKind.Trusted)]
    [InlineData(-61, PeerVerdictKind.NotYetValid)]
    public void Clock_may_lag_behind_the_issuer_by_up_to_an_hour(int minutes, PeerVerdictKind expected)
    {
        _time.Now = Start.AddHours(2);
        using var pair = Issue(_authority, PeerRole.Node);
        _time.Now = Start.AddHours(2).AddMinutes(minutes);
        Assert.Equal(expected, _validator.JudgeClient(pair.Certificate).Kind);
    }

    [Fact]
    public void Several_roots_are_trusted_and_a_removed_one_is_not()
    {
        using var next = ClusterCertificateAuthority.Create(Cluster, _time);
        var bundle = TrustBundle.Parse(_authority.Trust.With(next.Trust).With(next.Trust).ToPem());
        Assert.Equal(2, bundle.Roots.Length);
        var validator = new PeerValidator(Cluster, () => bundle, _time);
        using CertificateWithKey old = Issue(_authority, PeerRole.Node), renewed = Issue(next, PeerRole.Node);
        Assert.True(validator.JudgeClient(old.Certificate).IsTrusted);
        Assert.True(validator.JudgeClient(renewed.Certificate).IsTrusted);

        bundle = bundle.Without(_authority.Pin.Text)!;

        Assert.Equal(PeerVerdictKind.Untrusted, validator.JudgeClient(old.Certificate).Kind);
        Assert.True(validator.JudgeClient(renewed.Certificate).IsTrusted);
        Assert.Null(bundle.Without(next.Pin.Text));
    }

    [Fact]
    public void Joiner_keeps_only_the_pinned_root()
    {
        using var intruder = ClusterCertificateAuthority.Create(Cluster, _time);
        var fetched = intruder.Trust.With(_authority.Trust);
        Assert.Equal(_authority.Pin, PublicKeyPin.Of(fetched.Only(_authority.Pin.Text)!.Roots.Single()));
        Assert.Null(intruder.Trust.Only(_authority.Pin.Text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE-----\nnoise\n-----END CERTIFICATE-----")]
    public void Alien_bundle_is_refused_with_a_reason(string pem)
    {
        Assert.Null(TrustBundle.TryParse(pem, out var problem));
        Assert.NotNull(problem);
    }

    [Fact]
    public void Leaf_is_no_root()
    {
        using var pair = Issue(_authority, PeerRole.Manager);
        Assert.Null(TrustBundle.TryParse(pair.CertificatePem, out var problem));
        Assert.Contains("may not sign", problem);
    }

    [Theory]
    [InlineData("CN=a, CN=b, OU=node, O=c1")]
    [InlineData("CN=a, OU=node, OU=manager, O=c1")]
    [InlineData("CN=a, OU=root, O=c1")]
    [InlineData("CN=a, O=c1")]
    [InlineData("CN=a, OU=node, O=c1, C=DE")]
    public void Subject_of_another_form_is_malformed(string subject)
    {
        using var leaf = ForgeLeaf(subject: subject);
        Assert.Equal(PeerVerdictKind.Malformed, _validator.JudgeClient(leaf).Kind);
    }

    private static CertificateWithKey Issue(ClusterCertificateAuthority authority, PeerRole role) =>
        authority.IssueWithKey(new PeerIdentity(role, "id-1", Cluster), []);

    // What our authority would never sign, signed with its key.
    private X509Certificate2 ForgeLeaf(string role = "node", bool serverUse = false, string? subject = null)
    {
        using var root = X509Certificate2.CreateFromPem(_authority.CertificatePem, _authority.ExportPrivateKeyPem().Reveal());
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject ?? $"CN=id-1, OU={role}, O={Cluster}", key, HashAlgorithmName.SHA256);
        var use = serverUse ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2";
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        return request.Create(root, Start.AddMinutes(-30), Start.AddDays(1), [1, 2, 3]);
    }
}
