// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Output;
using ClusterManager.Hosting.Security;
using Grpc.Net.Client;

namespace ClusterManager.Cli.Contexts;

/// <summary>Makes channels; tests make them without TLS.</summary>
internal interface IChannelFactory
{
    /// <summary>A channel to one manager.</summary>
    /// <param name="context">Whose certificates are used.</param>
    /// <param name="address"><c>host:port</c>.</param>
    /// <param name="connectTimeout">Time for connecting, TLS included.</param>
    /// <param name="time">The clock of deadlines and of certificates.</param>
    GrpcChannel Open(ClusterContext context, string address, TimeSpan connectTimeout, TimeProvider time);
}

/// <summary>Channels with TLS: the manager must be one of the context's cluster, and the operator shows a certificate.</summary>
internal sealed class ChannelFactory : IChannelFactory
{
    /// <inheritdoc/>
    public GrpcChannel Open(ClusterContext context, string address, TimeSpan connectTimeout, TimeProvider time)
    {
        var pair = Certificate(context);
        var trust = TrustBundle.TryParse(context.CaPem ?? "", out var problem)
            ?? throw new CliException(ExitCode.BadInput, $"the context '{context.Name}' has no usable 'ca': {problem}",
                "cluster context show");
        var identity = PeerIdentity.TryRead(pair.Certificate)
            ?? throw new CliException(ExitCode.BadInput, $"the certificate of the context '{context.Name}' is none of a cluster",
                "cluster context show");
        var validator = new PeerValidator(identity.ClusterId, () => trust, time);
        var host = new Uri($"https://{address}").Host;
        return GrpcChannel.ForAddress($"https://{address}", new GrpcChannelOptions
        {
            SslOptions = ClusterTls.ClientOptions(host, new CertificateHolder(pair), validator),
            ConnectTimeout = connectTimeout,
            MaxReceiveMessageSize = 64 << 20,
            TimeProvider = time,
        });
    }

    private static CertificateWithKey Certificate(ClusterContext context)
    {
        var pem = context.CertificatePem is null ? "" : $"{context.CertificatePem}\n{context.KeyPem}";
        return CertificateWithKey.TryParse(pem) ?? throw new CliException(
            ExitCode.BadInput,
            context.Name == "-"
                ? "an address alone is not enough: no context has a certificate for it (cluster init writes one)"
                : $"the context '{context.Name}' has no usable 'certificate' and 'key'",
            "cluster context show");
    }
}
