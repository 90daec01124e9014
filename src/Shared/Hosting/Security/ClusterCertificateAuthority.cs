// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterManager.Hosting.Security;

/// <summary>
/// The authority of one cluster: made by <c>init</c>, loaded by managers from their encrypted record, issues the certificates of
/// nodes, managers and operators. Thread-safe.
/// </summary>
public sealed class ClusterCertificateAuthority : IDisposable
{
    private readonly CertificateIssuer _issuer;

    private ClusterCertificateAuthority(CertificateIssuer issuer, string clusterId)
    {
        _issuer = issuer;
        ClusterId = clusterId;
    }

    /// <summary>The cluster for which it signs.</summary>
    public string ClusterId { get; }

    /// <summary>The root certificate as PEM. Public.</summary>
    public string CertificatePem => _issuer.Root.ExportCertificatePem() + "\n";

    /// <summary>Names the root's key; join tokens carry it.</summary>
    public PublicKeyPin Pin => PublicKeyPin.Of(_issuer.Root);

    /// <summary>A bundle that trusts this root alone.</summary>
    public TrustBundle Trust => TrustBundle.Parse(CertificatePem);

    /// <summary>A new root with a key of its own, valid for ten years.</summary>
    /// <exception cref="ArgumentException">The cluster id may not stand in a certificate.</exception>
    public static ClusterCertificateAuthority Create(string clusterId, TimeProvider time)
    {
        var probe = new PeerIdentity(PeerRole.Manager, "x", clusterId);
        if (probe.Problem() is { } problem) throw new ArgumentException(problem, nameof(clusterId));
        var subject = new X500DistinguishedNameBuilder();
        subject.AddOrganizationName(clusterId);
        subject.AddCommonName("cluster-ca");
        return new ClusterCertificateAuthority(CertificateIssuer.Create(subject.Build(), time), clusterId);
    }

    /// <summary>The authority from its stored certificate and key.</summary>
    /// <exception cref="ArgumentException">They do not belong together or are none of an authority. The message holds no key.</exception>
    public static ClusterCertificateAuthority Load(string clusterId, string certificatePem, Secret privateKeyPem, TimeProvider time) =>
        new(CertificateIssuer.Load(certificatePem, privateKeyPem, time), clusterId);

    /// <summary>The root's private key (PKCS #8, PEM): to be stored in a <see cref="SecretBox"/> and nowhere else.</summary>
    public Secret ExportPrivateKeyPem() => _issuer.ExportPrivateKeyPem();

    /// <summary>Certifies the key of a request under an identity that the caller has already verified.</summary>
    /// <param name="requestPem">What <see cref="SigningRequest.Pem"/> holds. Its subject and extensions are ignored.</param>
    /// <param name="identity">Who the holder is.</param>
    /// <param name="alternativeNames">DNS names and IP addresses; used for managers, may be empty for others.</param>
    public IssueResult Issue(string requestPem, PeerIdentity identity, IReadOnlyList<string> alternativeNames)
    {
        ArgumentNullException.ThrowIfNull(identity);
        var problem = identity.Problem() ?? SubjectNames.Problem(alternativeNames)
            ?? (identity.ClusterId != ClusterId ? "the request is for another cluster" : null);
        if (problem is not null) return new IssueResult { Problem = problem };
        var publicKey = TryReadKey(requestPem);
        if (publicKey is null) return new IssueResult { Problem = "the signing request is damaged or its key is not ECDSA P-256" };

        string[] uses = identity.Role == PeerRole.Manager
            ? [CertificateIssuer.ClientUse, CertificateIssuer.ServerUse]
            : [CertificateIssuer.ClientUse];
        using var certificate = _issuer.Issue(publicKey, identity.ToSubject(), CertificateLife.Of(identity.Role), uses, alternativeNames);
        return new IssueResult { CertificatePem = certificate.ExportCertificatePem() + "\n" };
    }

    /// <summary>Makes a key here and certifies it: for the machine that holds the authority, and for operators' files.</summary>
    /// <exception cref="ArgumentException">The identity or a name may not stand in a certificate.</exception>
    public CertificateWithKey IssueWithKey(PeerIdentity identity, IReadOnlyList<string> alternativeNames)
    {
        using var request = new SigningRequest();
        var result = Issue(request.Pem, identity, alternativeNames);
        if (result.CertificatePem is null) throw new ArgumentException(result.Problem, nameof(identity));
        return request.TryComplete(result.CertificatePem)!;
    }

    /// <inheritdoc/>
    public void Dispose() => _issuer.Dispose();

    private static PublicKey? TryReadKey(string requestPem)
    {
        try
        {
            // Loading also checks the request's own signature: the sender has the private key.
            var request = CertificateRequest.LoadSigningRequestPem(requestPem, HashAlgorithmName.SHA256);
            using var key = request.PublicKey.GetECDsaPublicKey();
            return key?.ExportParameters(false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value ? request.PublicKey : null;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or PlatformNotSupportedException)
        {
            return null;
        }
    }
}
