// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ClusterManager.Hosting.Security;

/// <summary>
/// The certificate that a process shows at this moment. Thread-safe; replaced at renewal while connections that began
/// with the old one go on (which is therefore left to the garbage collector and not disposed).
/// </summary>
public sealed class CertificateHolder
{
    private volatile Entry _entry;

    /// <summary>Holds this pair until <see cref="Replace"/>.</summary>
    public CertificateHolder(CertificateWithKey pair) => _entry = Entry.Of(pair);

    /// <summary>The certificate, private key attached.</summary>
    public X509Certificate2 Current => _entry.Certificate;

    /// <summary>
    /// The same for <see cref="SslServerAuthenticationOptions.ServerCertificateContext"/>, prepared once and not per handshake.
    /// </summary>
    public SslStreamCertificateContext CurrentContext => _entry.Context;

    /// <summary>From now on new handshakes show this pair.</summary>
    public void Replace(CertificateWithKey pair) => _entry = Entry.Of(pair);

    private sealed record Entry(X509Certificate2 Certificate, SslStreamCertificateContext Context)
    {
        // Offline: no attempt to download an issuer during start.
        internal static Entry Of(CertificateWithKey pair) =>
            new(pair.Certificate, SslStreamCertificateContext.Create(pair.Certificate, additionalCertificates: null, offline: true));
    }
}
