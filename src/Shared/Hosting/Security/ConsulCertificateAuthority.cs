// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterManager.Hosting.Security;

/// <summary>
/// The authority of the cluster's Consul servers. Apart from the cluster's own, since Consul believes any certificate
/// of its authority: an agent's certificate must not open Consul's server port.
/// </summary>
public sealed class ConsulCertificateAuthority : IDisposable
{
    private readonly CertificateIssuer _issuer;

    private ConsulCertificateAuthority(CertificateIssuer issuer) => _issuer = issuer;

    /// <summary>The root certificate as PEM: Consul's <c>ca_file</c> on every node.</summary>
    public string CertificatePem => _issuer.Root.ExportCertificatePem() + "\n";

    /// <summary>A new root, valid for ten years.</summary>
    public static ConsulCertificateAuthority Create(string clusterId, TimeProvider time)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddOrganizationName(clusterId);
        subject.AddCommonName("consul-ca");
        return new ConsulCertificateAuthority(CertificateIssuer.Create(subject.Build(), time));
    }

    /// <summary>The authority from its stored certificate and key.</summary>
    /// <exception cref="ArgumentException">They do not belong together or are none of an authority. The message holds no key.</exception>
    public static ConsulCertificateAuthority Load(string certificatePem, Secret privateKeyPem, TimeProvider time) =>
        new(CertificateIssuer.Load(certificatePem, privateKeyPem, time));

    /// <summary>The root's private key (PKCS #8, PEM): to be stored in a <see cref="SecretBox"/> and nowhere else.</summary>
    public Secret ExportPrivateKeyPem() => _issuer.ExportPrivateKeyPem();

    /// <summary>
    /// A server's certificate and key for 90 days: <c>server.DATACENTER.consul</c> (what <c>verify_server_hostname</c> asks for), the
    /// node's
    /// name, <c>localhost</c> and <c>127.0.0.1</c>.
    /// </summary>
    /// <param name="nodeName">The node's name, a DNS label.</param>
    /// <param name="datacenter">Consul's datacenter, <c>dc1</c> unless set.</param>
    /// <exception cref="ArgumentException">One of the two is no DNS label.</exception>
    public CertificateWithKey IssueServer(string nodeName, string datacenter)
    {
        string[] names = [$"server.{datacenter}.consul", nodeName, $"{nodeName}.server.{datacenter}.consul", "localhost", "127.0.0.1"];
        if (SubjectNames.Problem(names) is { } problem) throw new ArgumentException(problem, nameof(nodeName));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(names[0]);
        string[] uses = [CertificateIssuer.ServerUse, CertificateIssuer.ClientUse];
        using var certificate = _issuer.Issue(new PublicKey(key), subject.Build(), CertificateLife.ConsulServer, uses, names);
        return CertificateWithKey.TryParse(certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem())!;
    }

    /// <inheritdoc/>
    public void Dispose() => _issuer.Dispose();
}
