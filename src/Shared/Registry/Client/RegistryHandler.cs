// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ClusterManager.Registry;

/// <summary>Makes what opens the sockets.</summary>
internal static class RegistryHandler
{
    private const int HeaderKilobytesMax = 32;
    private const int ConnectionsMax = 8;

    /// <summary>A handler for the registries with these options.</summary>
    public static SocketsHttpHandler Create(RegistryClientOptions options, RegistryHostOptions host)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = options.UseProxy,
            UseCookies = false,
            // Redirects are followed by hand, where nothing secret goes along.
            AllowAutoRedirect = false,
            // A small answer must not unfold into a large one.
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = options.ConnectTimeout,
            MaxResponseHeadersLength = HeaderKilobytesMax,
            MaxConnectionsPerServer = ConnectionsMax,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            // Names may move to other addresses.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        if (host.ExtraRoots is { Count: > 0 } roots)
            handler.SslOptions.RemoteCertificateValidationCallback =
                (_, certificate, chain, errors) => IsTrusted(roots, certificate, chain, errors);
        return handler;
    }

    // The system's roots are asked first; ours come in only where nothing but the root is unknown. A wrong name is never forgiven.
    private static bool IsTrusted(
        X509Certificate2Collection roots, X509Certificate? certificate, X509Chain? offered, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None) return true;
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 leaf) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.1"));
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        if (offered is not null) chain.ChainPolicy.ExtraStore.AddRange(offered.ChainPolicy.ExtraStore);
        return chain.Build(leaf);
    }
}
