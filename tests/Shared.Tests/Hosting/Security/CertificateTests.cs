// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Security;

namespace ClusterManager.Shared.Tests.Hosting.Security;

public sealed class CertificateTests : IDisposable
{
    private const string Cluster = "c1";
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly ManualTime _time = new(Start);
    private readonly ClusterCertificateAuthority _authority;

    public CertificateTests() => _authority = ClusterCertificateAuthority.Create(Cluster, _time);

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void Root_signs_for_ten_years_and_nothing_else()
    {
        var root = _authority.Trust.Roots.Single();
        Assert.Equal(Start.AddDays(3650), root.NotAfter.ToUniversalTime());
        var usage = root.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages;
        Assert.Equal(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, usage);
        Assert.False(root.HasPrivateKey);
    }

    [Theory]
    [InlineData(PeerRole.Node, 7)]
    [InlineData(PeerRole.Manager, 7)]
    [InlineData(PeerRole.Operator, 365)]
    public void Certificate_carries_identity_and_life_of_its_role(PeerRole role, int days)
    {
        using var pair = Issue(role);
        Assert.Equal(Identity(role), PeerIdentity.TryRead(pair.Certificate));
        Assert.Equal(Start.AddHours(-1), pair.Certificate.NotBefore.ToUniversalTime());
        Assert.Equal(Start.AddDays(days), pair.Certificate.NotAfter.ToUniversalTime());
        // Encoded from the general to the particular, as X.500 has it; tools print it in either order.
        Assert.Equal($"O={Cluster}, OU={role.ToString().ToLowerInvariant()}, CN=id-1", pair.Certificate.Subject);
    }

    [Fact]
    public void Manager_certificate_is_for_server_and_client_with_its_names()
    {
        using var pair = Issue(PeerRole.Manager, "10.0.0.11", "alpha.example");
        var names = pair.Certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        Assert.Equal("10.0.0.11", names.EnumerateIPAddresses().Single().ToString());
        Assert.Equal("alpha.example", names.EnumerateDnsNames().Single());
        Assert.Equal(["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1"], Uses(pair.Certificate));
        using var node = Issue(PeerRole.Node);
        Assert.Equal(["1.3.6.1.5.5.7.3.2"], Uses(node.Certificate));
        Assert.True(pair.Certificate.MatchesHostname("alpha.example"));
    }

    [Fact]
    public void Certificate_has_key_identifiers_and_an_unpredictable_positive_serial()
    {
        using CertificateWithKey one = Issue(PeerRole.Node), two = Issue(PeerRole.Node);
        var authorityKey = one.Certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().Single().KeyIdentifier!.Value.ToArray();
        var rootKey = _authority.Trust.Roots[0].Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single();
        Assert.Equal(rootKey.SubjectKeyIdentifierBytes.ToArray(), authorityKey);
        Assert.Single(one.Certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>());
        Assert.NotEqual(one.Certificate.SerialNumber, two.Certificate.SerialNumber);
        Assert.Equal(16, one.Certificate.SerialNumberBytes.Length);
        Assert.InRange(one.Certificate.SerialNumberBytes.Span[0], (byte)1, (byte)127);
    }

    [Fact]
    public void Certificate_never_outlives_its_root()
    {
        _time.Now = Start.AddDays(3648);
        using var pair = Issue(PeerRole.Operator);
        Assert.Equal(Start.AddDays(3650), pair.Certificate.NotAfter.ToUniversalTime());
    }

    [Fact]
    public void Authority_reloads_from_its_stored_form()
    {
        using var reloaded = ClusterCertificateAuthority.Load(Cluster, _authority.CertificatePem, _authority.ExportPrivateKeyPem(), _time);
        using var pair = reloaded.IssueWithKey(Identity(PeerRole.Node), []);
        Assert.Equal(PeerVerdictKind.Trusted, new PeerValidator(Cluster, () => _authority.Trust, _time).JudgeClient(pair.Certificate).Kind);
        Assert.Equal(_authority.Pin, reloaded.Pin);
    }

    [Fact]
    public void Authority_refuses_a_key_that_is_not_its_own_and_quotes_none()
    {
        using var other = ClusterCertificateAuthority.Create(Cluster, _time);
        var key = other.ExportPrivateKeyPem();
        var e = Assert.Throws<ArgumentException>(() => ClusterCertificateAuthority.Load(Cluster, _authority.CertificatePem, key, _time));
        Assert.DoesNotContain(key.Reveal()[30..60], e.ToString());
        using var leaf = Issue(PeerRole.Node);
        Assert.Throws<ArgumentException>(() => ClusterCertificateAuthority.Load(Cluster, leaf.CertificatePem, leaf.PrivateKeyPem, _time));
    }

    [Fact]
    public void Request_is_certified_under_the_verified_identity_whatever_it_claims()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=root, OU=manager, O=other", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));

        var result = _authority.Issue(request.CreateSigningRequestPem(), Identity(PeerRole.Node), []);

        using var certificate = X509Certificate2.CreateFromPem(result.CertificatePem);
        Assert.Equal(Identity(PeerRole.Node), PeerIdentity.TryRead(certificate));
        Assert.False(certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
    }

    [Fact]
    public void Damaged_and_weak_requests_are_refused_with_a_reason()
    {
        using var rsa = RSA.Create(2048);
        var weak = new CertificateRequest("CN=x", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem();
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var larger = new CertificateRequest("CN=x", p384, HashAlgorithmName.SHA384).CreateSigningRequestPem();
        using var good = new SigningRequest();
        var lines = good.Pem.Split('\n');
        lines[2] = (lines[2][0] == 'A' ? 'B' : 'A') + lines[2][1..];

        foreach (var pem in new[] { "", "noise", weak, larger, string.Join('\n', lines) })
        {
            var result = _authority.Issue(pem, Identity(PeerRole.Node), []);
            Assert.Null(result.CertificatePem);
            Assert.Contains("signing request", result.Problem);
        }
    }

    [Theory]
    [InlineData("", "c1", "a.example")]
    [InlineData("a,CN=b", "c1", "a.example")]
    [InlineData("ok", "c2", "a.example")]
    [InlineData("ok", "c1", "*.example")]
    [InlineData("ok", "c1", "a b")]
    public void Unfit_identities_and_names_are_refused(string id, string cluster, string name)
    {
        using var request = new SigningRequest();
        var result = _authority.Issue(request.Pem, new PeerIdentity(PeerRole.Manager, id, cluster), [name]);
        Assert.Null(result.CertificatePem);
        Assert.NotNull(result.Problem);
    }

    [Fact]
    public void Certificate_of_another_key_does_not_complete_a_request()
    {
        using SigningRequest mine = new(), theirs = new();
        var issued = _authority.Issue(theirs.Pem, Identity(PeerRole.Node), []).CertificatePem!;
        Assert.Null(mine.TryComplete(issued));
        Assert.NotNull(theirs.TryComplete(issued));
        Assert.Null(theirs.TryComplete("noise"));
    }

    [Fact]
    public async Task Pair_is_kept_in_one_private_file()
    {
        using var directory = new TestDirectory();
        using var pair = Issue(PeerRole.Node);
        await pair.SaveAsync(directory.Paths.NodeCertificate, CancellationToken.None);

        using var loaded = await CertificateWithKey.TryLoadAsync(directory.Paths.NodeCertificate, CancellationToken.None);

        Assert.Equal(pair.Certificate.Thumbprint, loaded!.Certificate.Thumbprint);
        Assert.True(loaded.Certificate.HasPrivateKey);
        Assert.Equal(FileModes.Private, File.GetUnixFileMode(directory.Paths.NodeCertificate));
        await File.WriteAllTextAsync(directory.Paths.NodeCertificate, pair.CertificatePem);
        Assert.Null(await CertificateWithKey.TryLoadAsync(directory.Paths.NodeCertificate, CancellationToken.None));
    }

    [Fact]
    public void Renewal_is_at_half_of_life_spread_by_id()
    {
        using var pair = Issue(PeerRole.Node);
        var life = TimeSpan.FromDays(7) + TimeSpan.FromHours(1);
        var half = Start.AddHours(-1) + (life / 2);
        var moments = Enumerable.Range(0, 200).Select(i => RenewalSchedule.RenewAt(pair.Certificate, $"node-{i}")).ToList();

        Assert.All(moments, m => Assert.InRange(m, half - (life * 0.05), half + (life * 0.05)));
        Assert.True(moments.Max() - moments.Min() > life * 0.09);
        Assert.Equal(moments[7], RenewalSchedule.RenewAt(pair.Certificate, "node-7"));
        Assert.Equal(TimeSpan.Zero, RenewalSchedule.Delay(pair.Certificate, "node-7", Start.AddDays(6)));
    }

    [Fact]
    public void Consul_server_certificate_has_the_names_and_uses_that_Consul_asks_for()
    {
        using var consul = ConsulCertificateAuthority.Create(Cluster, _time);
        using var reloaded = ConsulCertificateAuthority.Load(consul.CertificatePem, consul.ExportPrivateKeyPem(), _time);
        using var pair = reloaded.IssueServer("alpha", "dc1");

        foreach (var name in new[] { "server.dc1.consul", "localhost", "127.0.0.1", "alpha" })
            Assert.True(pair.Certificate.MatchesHostname(name), name);
        Assert.Equal(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"], Uses(pair.Certificate));
        Assert.Equal(Start.AddDays(90), pair.Certificate.NotAfter.ToUniversalTime());
        Assert.Throws<ArgumentException>(() => reloaded.IssueServer("not a label", "dc1"));
        // It says nothing to us: not our authority, not our subject.
        var validator = new PeerValidator(Cluster, () => _authority.Trust, _time);
        Assert.Equal(PeerVerdictKind.Untrusted, validator.JudgeClient(pair.Certificate).Kind);
    }

    private static PeerIdentity Identity(PeerRole role) => new(role, "id-1", Cluster);

    private CertificateWithKey Issue(PeerRole role, params string[] names) => _authority.IssueWithKey(Identity(role), names);

    private static IEnumerable<string> Uses(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<Oid>().Select(o => o.Value!);
}
