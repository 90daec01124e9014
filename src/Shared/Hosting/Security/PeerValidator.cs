// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterManager.Hosting.Security;

/// <summary>Judges the certificates of the peers of one cluster. Thread-safe.</summary>
/// <remarks>
/// A manager is recognised by its role and cluster id, not by the address that was dialled: addresses change, managers are redirected to
/// by address, and whoever holds a manager's key is a manager under any address. (Its certificate carries subject alternative
/// names all the same, so that browsers and curl can check them.)
/// </remarks>
/// <param name="clusterId">The only cluster whose certificates are believed.</param>
/// <param name="trust">The roots that are trusted at this moment; asked at each judgement, so that a rotation takes effect at once.</param>
/// <param name="time">The clock that decides about validity.</param>
public sealed class PeerValidator(string clusterId, Func<TrustBundle> trust, TimeProvider time)
{
    // Both ends of a validity count as outside for some builders of chains.
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Judges what a caller showed to us as a server; null means that it showed nothing.</summary>
    public PeerVerdict JudgeClient(X509Certificate2? certificate) => Judge(certificate, CertificateIssuer.ClientUse);

    /// <summary>Judges the server that we dialled: anything but a manager of this cluster is refused.</summary>
    public PeerVerdict JudgeServer(X509Certificate2? certificate)
    {
        var verdict = Judge(certificate, CertificateIssuer.ServerUse);
        if (verdict.Identity is null or { Role: PeerRole.Manager }) return verdict;
        return PeerVerdict.Refuse(
            PeerVerdictKind.WrongRole, $"the server is {verdict.Identity.Role} '{verdict.Identity.Id}', not a manager");
    }

    /// <summary>
    /// True when a server should finish the handshake: trusted, anonymous (each method then says whether it needs a caller), or
    /// expired (only the renewal method accepts it).
    /// </summary>
    public static bool AllowsHandshake(PeerVerdict verdict) =>
        verdict.Kind is PeerVerdictKind.Trusted or PeerVerdictKind.Absent or PeerVerdictKind.Expired;

    private PeerVerdict Judge(X509Certificate2? certificate, string use)
    {
        if (certificate is null) return PeerVerdict.Refuse(PeerVerdictKind.Absent, "no certificate was shown");
        var now = time.GetUtcNow();
        if (!Chains(certificate, use, now))
            return PeerVerdict.Refuse(PeerVerdictKind.Untrusted, "no trusted root of this cluster signed the certificate for this use");
        if (PeerIdentity.TryRead(certificate) is not { } identity)
            return PeerVerdict.Refuse(PeerVerdictKind.Malformed, "the certificate's subject is not CN=ID, OU=ROLE, O=CLUSTER");
        if (!string.Equals(identity.ClusterId, clusterId, StringComparison.Ordinal))
            return PeerVerdict.Refuse(PeerVerdictKind.OtherCluster, $"the certificate belongs to cluster '{identity.ClusterId}'");
        if (now < NotBefore(certificate))
            return PeerVerdict.Refuse(
                PeerVerdictKind.NotYetValid, $"the certificate begins at {NotBefore(certificate):u}; this machine's clock says {now:u}");
        if (now > NotAfter(certificate))
            return Expired(identity, NotAfter(certificate));
        return new PeerVerdict { Kind = PeerVerdictKind.Trusted, Identity = identity };
    }

    // The leaf's own time is judged apart (an expired one has a verdict of its own), so the chain is built for a moment within it.
    private bool Chains(X509Certificate2 certificate, string use, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.ApplicationPolicy.Add(new Oid(use));
        policy.VerificationTime = Clamp(now, NotBefore(certificate) + Second, NotAfter(certificate) - Second).UtcDateTime;
        policy.CustomTrustStore.AddRange(trust().ToCollection());
        var trusted = chain.Build(certificate) && chain.ChainElements.Count > 1 && now <= NotAfter(chain.ChainElements[^1].Certificate);
        foreach (var element in chain.ChainElements) element.Certificate.Dispose();
        return trusted;
    }

    private static PeerVerdict Expired(PeerIdentity identity, DateTimeOffset end) =>
        new() { Kind = PeerVerdictKind.Expired, Identity = identity, Reason = $"the certificate ended at {end:u}" };

    private static DateTimeOffset Clamp(DateTimeOffset moment, DateTimeOffset first, DateTimeOffset last) =>
        moment < first ? first : moment > last ? last : moment;

    private static DateTimeOffset NotBefore(X509Certificate2 certificate) => new(certificate.NotBefore.ToUniversalTime());

    private static DateTimeOffset NotAfter(X509Certificate2 certificate) => new(certificate.NotAfter.ToUniversalTime());
}
