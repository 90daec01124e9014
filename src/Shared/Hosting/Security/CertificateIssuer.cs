// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterManager.Hosting.Security;

/// <summary>A root key and what both of our authorities do with it. ECDSA on P-256 with SHA-256 throughout. Thread-safe.</summary>
internal sealed class CertificateIssuer : IDisposable
{
    internal const string ClientUse = "1.3.6.1.5.5.7.3.2";
    internal const string ServerUse = "1.3.6.1.5.5.7.3.1";
    // Ten years; leap days do not matter here.
    private static readonly TimeSpan RootLife = TimeSpan.FromDays(3650);
    private const int SerialBytes = 16;
    private readonly X509Certificate2 _root;
    private readonly TimeProvider _time;

    private CertificateIssuer(X509Certificate2 root, TimeProvider time)
    {
        _root = root;
        _time = time;
    }

    internal X509Certificate2 Root => _root;

    /// <summary>How far before its issue a certificate begins: machines whose clocks lag by less accept it at once.</summary>
    internal static TimeSpan Backdate { get; } = TimeSpan.FromHours(1);

    internal static CertificateIssuer Create(X500DistinguishedName subject, TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = time.GetUtcNow();
        var generator = X509SignatureGenerator.CreateForECDsa(key);
        using var certificate = request.Create(subject, generator, now - Backdate, now + RootLife, NewSerial());
        return new CertificateIssuer(certificate.CopyWithPrivateKey(key), time);
    }

    /// <exception cref="ArgumentException">The two do not belong together, or it is no CA.</exception>
    internal static CertificateIssuer Load(string certificatePem, Secret privateKeyPem, TimeProvider time)
    {
        try
        {
            var root = X509Certificate2.CreateFromPem(certificatePem, privateKeyPem.Reveal());
            if (TrustBundle.IsAuthority(root)) return new CertificateIssuer(root, time);
            root.Dispose();
        }
        catch (CryptographicException)
        {
            // Said below, without the foreign text: it could quote the key.
        }
        throw new ArgumentException("The certificate and the key are not those of a certificate authority.", nameof(certificatePem));
    }

    internal Secret ExportPrivateKeyPem()
    {
        using var key = _root.GetECDsaPrivateKey() ?? throw new InvalidOperationException("The root's key is not ECDSA.");
        return new Secret(key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <summary>
    /// Signs a key of someone else, never longer than the root itself lives. Throws when a name is no DNS name or address.
    /// </summary>
    internal X509Certificate2 Issue(
        PublicKey publicKey, X500DistinguishedName subject, TimeSpan life, IReadOnlyList<string> uses, IReadOnlyList<string> names)
    {
        var request = new CertificateRequest(subject, publicKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        var purposes = new OidCollection();
        foreach (var use in uses) purposes.Add(new Oid(use));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(purposes, false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(publicKey, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_root, true, false));
        if (names.Count > 0) request.CertificateExtensions.Add(AlternativeNames(names));

        using var key = _root.GetECDsaPrivateKey()!;
        var now = _time.GetUtcNow();
        var rootEnd = new DateTimeOffset(_root.NotAfter.ToUniversalTime());
        var end = now + life < rootEnd ? now + life : rootEnd;
        return request.Create(_root.SubjectName, X509SignatureGenerator.CreateForECDsa(key), now - Backdate, end, NewSerial());
    }

    public void Dispose() => _root.Dispose();

    private static X509Extension AlternativeNames(IReadOnlyList<string> names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (IPAddress.TryParse(name, out var address)) builder.AddIpAddress(address);
            else builder.AddDnsName(name);
        }
        return builder.Build();
    }

    // 127 random bits: a positive number of at most 16 bytes, as RFC 5280 section 4.1.2.2 wants (at most 20, unpredictable).
    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(SerialBytes);
        serial[0] &= 0x7f;
        // A leading zero byte would not be the shortest form of the number.
        if (serial[0] == 0) serial[0] = 1;
        return serial;
    }
}
