// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClusterManager.Hosting.Files;

namespace ClusterManager.Hosting.Security;

/// <summary>A certificate and its private key, ready for TLS. Both live in one PEM file, so that no crash can part them.</summary>
public sealed class CertificateWithKey : IDisposable
{
    private CertificateWithKey(X509Certificate2 certificate) => Certificate = certificate;

    /// <summary>The certificate; its private key is attached.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Reads a certificate and a private key (PKCS #8) from one PEM text.</summary>
    /// <returns>The pair, or null when one is missing or damaged, or they do not belong together.</returns>
    public static CertificateWithKey? TryParse(string pem)
    {
        try
        {
            return new CertificateWithKey(X509Certificate2.CreateFromPem(pem, pem));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Reads the file that <see cref="SaveAsync"/> wrote; null when it is missing or damaged.</summary>
    public static async Task<CertificateWithKey?> TryLoadAsync(string path, CancellationToken cancellationToken) =>
        await AtomicFile.ReadTextAsync(path, cancellationToken) is { } pem ? TryParse(pem) : null;

    /// <summary>Writes certificate and key to <paramref name="path"/> (0600), in plain PEM: curl and browsers' tools read it.</summary>
    public Task SaveAsync(string path, CancellationToken cancellationToken) =>
        AtomicFile.WriteAsync(path, Encoding.ASCII.GetBytes(CertificatePem + PrivateKeyPem.Reveal()), FileModes.Private, cancellationToken);

    /// <summary>The certificate alone, as PEM.</summary>
    public string CertificatePem => Certificate.ExportCertificatePem() + "\n";

    /// <summary>The private key alone, as PEM (PKCS #8).</summary>
    public Secret PrivateKeyPem
    {
        get
        {
            using var key = Certificate.GetECDsaPrivateKey() ?? throw new InvalidOperationException("The key is not ECDSA.");
            return new Secret(key.ExportPkcs8PrivateKeyPem() + "\n");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Certificate.Dispose();
}
