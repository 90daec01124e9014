// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Persistence;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Manager.Hosting;

/// <summary>
/// Renews this manager's own certificate when it has expired. While managers live, the machine's agent does it in time; but when all of
/// them were off for longer than a certificate's life, nobody would dial any of them, and none could renew. A manager holds what opens
/// the authority's key, so it helps itself.
/// </summary>
internal sealed partial class SelfRenewal(
    ClusterPaths paths, CertificateHolder holder, SecretStore secrets, ManagerIdentity identity, Func<TrustBundle> trust, TimeProvider time,
    ILogger<SelfRenewal> log)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var isValid = holder.Current.NotAfter.ToUniversalTime() > time.GetUtcNow() || await TryAsync(cancellationToken);
            await Task.Delay(isValid ? Period : Retry, time, cancellationToken);
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            var cluster = identity.Cluster.ToString();
            var key = await secrets.OpenAsync(SecretNames.CaKey, cancellationToken);
            using var authority = ClusterCertificateAuthority.Load(cluster, trust().Roots[0].ExportCertificatePem(), key, time);
            var host = identity.Address[..identity.Address.LastIndexOf(':')].Trim('[', ']');
            var pair = authority.IssueWithKey(
                new PeerIdentity(PeerRole.Manager, identity.Node.ToString(), cluster), [identity.Name, host, "localhost", "127.0.0.1"]);
            await pair.SaveAsync(paths.ManagerCertificate, cancellationToken);
            holder.Replace(pair);
            LogRenewed(pair.Certificate.NotAfter.ToUniversalTime());
            return true;
        }
        catch (Exception error) when (error is ConsulException or StateUnreadableException or IOException or ArgumentException)
        {
            // Consul is still to come after such an outage, or holds no state of this cluster: then there is nothing to serve either.
            LogNotRenewed(error.Message);
            return false;
        }
    }

    [LoggerMessage(EventIds.CertificateReloaded + 10, LogLevel.Warning,
        "The manager's certificate had expired; it renewed it itself, until {NotAfter}", EventName = "CertificateSelfRenewed")]
    private partial void LogRenewed(DateTime notAfter);

    [LoggerMessage(EventIds.CertificateReloaded + 11, LogLevel.Warning,
        "The manager's certificate has expired and cannot be renewed yet: {Problem}", EventName = "CertificateNotSelfRenewed")]
    private partial void LogNotRenewed(string problem);
}
