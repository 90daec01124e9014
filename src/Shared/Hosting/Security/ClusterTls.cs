// SPDX-License-Identifier: Apache-2.0
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace ClusterManager.Hosting.Security;

/// <summary>
/// The TLS settings of the cluster's own port, for Kestrel's handshake callback, <see cref="SslStream"/> and <see
/// cref="SocketsHttpHandler"/>.
/// </summary>
public static class ClusterTls
{
    private const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>
    /// A manager's side of one connection. A client certificate is asked for and not required; one that is shown must be
    /// good or merely expired, else the handshake fails. Each method decides with <see cref="PeerValidator.JudgeClient"/> who may call it.
    /// </summary>
    /// <remarks>Call it per connection (Kestrel: <c>TlsHandshakeCallbackOptions.OnConnection</c>), so that a renewed certificate is
    /// used.</remarks>
    /// <param name="holder">The manager's certificate.</param>
    /// <param name="validator">Judges the client.</param>
    /// <param name="protocols">ALPN, in order of preference, such as h2 and http/1.1.</param>
    public static SslServerAuthenticationOptions ServerOptions(
        CertificateHolder holder, PeerValidator validator, params IEnumerable<SslApplicationProtocol> protocols) => new()
    {
        ServerCertificateContext = holder.CurrentContext,
        // Despite its name this asks for one; the callback below accepts that there is none.
        ClientCertificateRequired = true,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            PeerValidator.AllowsHandshake(validator.JudgeClient(certificate as X509Certificate2)),
        EnabledSslProtocols = Protocols,
        ApplicationProtocols = [.. protocols],
        // A resumed session would keep a judgement from before a rotation of the roots.
        AllowTlsResume = false,
    };

    /// <summary>The side of whoever dials a manager: only a manager of our cluster is accepted, under any address.</summary>
    /// <param name="targetHost">The host that was dialled, sent as SNI.</param>
    /// <param name="holder">Our certificate; null to call anonymously.</param>
    /// <param name="validator">Judges the server.</param>
    /// <param name="protocols">ALPN; empty leaves it to <see cref="SocketsHttpHandler"/>.</param>
    public static SslClientAuthenticationOptions ClientOptions(
        string targetHost, CertificateHolder? holder, PeerValidator validator, params IEnumerable<SslApplicationProtocol> protocols) =>
        Client(targetHost, holder, certificate => validator.JudgeServer(certificate).IsTrusted, [.. protocols]);

    /// <summary>
    /// For the one call of a joiner that fetches the roots before it trusts any: accepts every server. Send nothing secret over it; check
    /// the answer with <see cref="TrustBundle.Only"/> against the token's pin, then connect anew with <see cref="ClientOptions"/>.
    /// </summary>
    public static SslClientAuthenticationOptions BootstrapOptions(string targetHost) => Client(targetHost, null, _ => true, []);

    private static SslClientAuthenticationOptions Client(
        string targetHost, CertificateHolder? holder, Func<X509Certificate2?, bool> accept, List<SslApplicationProtocol> protocols)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = targetHost,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => accept(certificate as X509Certificate2),
            EnabledSslProtocols = Protocols,
            AllowTlsResume = false,
        };
        if (protocols.Count > 0) options.ApplicationProtocols = protocols;
        // Asked at each handshake: SocketsHttpHandler keeps its options for life, certificates are renewed.
        if (holder is not null) options.LocalCertificateSelectionCallback = (_, _, _, _, _) => holder.Current;
        return options;
    }
}
