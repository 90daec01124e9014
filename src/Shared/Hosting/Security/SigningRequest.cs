// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterManager.Hosting.Security;

/// <summary>A fresh key pair and the request to have it certified. The private key stays on the machine that made it.</summary>
public sealed class SigningRequest : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Makes a key pair.</summary>
    public SigningRequest()
    {
        // The subject is a placeholder: the authority writes the identity that it has established itself.
        var request = new CertificateRequest("CN=request", _key, HashAlgorithmName.SHA256);
        Pem = request.CreateSigningRequestPem();
    }

    /// <summary>The request (PKCS #10, PEM): proves possession of the key and claims nothing else.</summary>
    public string Pem { get; }

    /// <summary>Joins the certificate that was issued with the private key.</summary>
    /// <param name="certificatePem">What the authority answered.</param>
    /// <returns>The pair, or null when the answer is damaged or certifies another key.</returns>
    public CertificateWithKey? TryComplete(string certificatePem) =>
        CertificateWithKey.TryParse(certificatePem + "\n" + _key.ExportPkcs8PrivateKeyPem());

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
