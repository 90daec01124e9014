// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography.X509Certificates;
using ClusterManager.Hosting.Time;

namespace ClusterManager.Hosting.Security;

/// <summary>When a certificate is renewed: at half of its life, spread by the holder's id. Pure.</summary>
/// <remarks>
/// The spread is ±5 % of the life (for seven days: ±8.4 hours), so that a thousand nodes that joined in one minute do not renew in one.
/// After a failed attempt use <see cref="Backoff"/>; half of the life remains for it.
/// </remarks>
public static class RenewalSchedule
{
    private const double SpreadRatio = 0.05;

    /// <summary>The moment to renew; may lie in the past.</summary>
    public static DateTimeOffset RenewAt(X509Certificate2 certificate, string id)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        DateTimeOffset begin = certificate.NotBefore.ToUniversalTime(), end = certificate.NotAfter.ToUniversalTime();
        var life = end - begin;
        // 0..1 becomes -1..+1.
        var spread = (StableHash.UnitInterval(id, 0) * 2) - 1;
        return begin + (life * (0.5 + (spread * SpreadRatio)));
    }

    /// <summary>How long to wait from <paramref name="now"/>; zero when it is due.</summary>
    public static TimeSpan Delay(X509Certificate2 certificate, string id, DateTimeOffset now)
    {
        var delay = RenewAt(certificate, id) - now;
        return delay > TimeSpan.Zero ? delay : TimeSpan.Zero;
    }
}
