// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Security;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Manager.Hosting;

/// <summary>Takes up what the machine's agent renews: the manager's certificate and the trusted roots.</summary>
internal sealed partial class CertificateReload(ClusterPaths paths, CertificateHolder holder, TimeProvider time,
    ILogger<CertificateReload> log)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private TrustBundle _trust = TrustBundle.Parse(File.ReadAllText(paths.TrustedRoots));
    private DateTime _certificateAt = File.GetLastWriteTimeUtc(paths.ManagerCertificate);
    private DateTime _trustAt = File.GetLastWriteTimeUtc(paths.TrustedRoots);

    /// <summary>The roots that are trusted now.</summary>
    public TrustBundle Trust => Volatile.Read(ref _trust);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Period, time, cancellationToken);
            await ReloadAsync(cancellationToken);
        }
    }

    private async Task ReloadAsync(CancellationToken cancellationToken)
    {
        var certificateAt = File.GetLastWriteTimeUtc(paths.ManagerCertificate);
        if (certificateAt != _certificateAt
            && await CertificateWithKey.TryLoadAsync(paths.ManagerCertificate, cancellationToken) is { } pair)
        {
            _certificateAt = certificateAt;
            holder.Replace(pair);
            LogReloaded(pair.Certificate.NotAfter.ToUniversalTime());
        }

        var trustAt = File.GetLastWriteTimeUtc(paths.TrustedRoots);
        if (trustAt == _trustAt || await AtomicFile.ReadTextAsync(paths.TrustedRoots, cancellationToken) is not { } pem) return;
        _trustAt = trustAt;
        if (TrustBundle.TryParse(pem, out _) is { } trust) Volatile.Write(ref _trust, trust);
    }

    [LoggerMessage(EventIds.CertificateReloaded, LogLevel.Information, "The manager's certificate was renewed; it ends at {NotAfter}")]
    private partial void LogReloaded(DateTime notAfter);
}
