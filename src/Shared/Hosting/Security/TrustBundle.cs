// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ClusterManager.Hosting.Security;

/// <summary>
/// The roots that are trusted, one or several: rotating a CA is adding the new root, reissuing, and removing the old. Immutable.
/// </summary>
public sealed class TrustBundle
{
    // A rotation needs two; the bound keeps a hostile file from costing time at each handshake.
    private const int RootCountMax = 16;

    private TrustBundle(ImmutableArray<X509Certificate2> roots) => Roots = roots;

    /// <summary>The roots, in the order in which they were added.</summary>
    public ImmutableArray<X509Certificate2> Roots { get; }

    /// <summary>Reads one or more certificates in PEM.</summary>
    /// <param name="pem">Text; what stands between certificates is ignored.</param>
    /// <param name="problem">Why it was refused, null on success.</param>
    /// <returns>The bundle, or null when there is no certificate, too many, one that is damaged, or one that is no CA.</returns>
    public static TrustBundle? TryParse(string pem, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(pem);
        var collection = new X509Certificate2Collection();
        try
        {
            collection.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            problem = "a certificate in it is damaged";
            return null;
        }
        problem = collection.Count switch
        {
            0 => "it holds no certificate",
            > RootCountMax => $"it holds more than {RootCountMax} certificates",
            _ => collection.Any(c => !IsAuthority(c)) ? "it holds a certificate that may not sign others" : null,
        };
        return problem is null ? new TrustBundle([.. collection]) : null;
    }

    /// <summary>As <see cref="TryParse"/>, for text that must be right.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static TrustBundle Parse(string pem) =>
        TryParse(pem, out var problem) ?? throw new ArgumentException($"No trust bundle: {problem}.", nameof(pem));

    /// <summary>This bundle and the roots of another; a root that is already there stays where it is.</summary>
    public TrustBundle With(TrustBundle other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var known = Roots.Select(r => r.Thumbprint).ToHashSet(StringComparer.Ordinal);
        return new TrustBundle([.. Roots, .. other.Roots.Where(r => known.Add(r.Thumbprint))]);
    }

    /// <summary>This bundle without the root that has this pin; null when nothing would be left.</summary>
    public TrustBundle? Without(string pin)
    {
        var rest = Roots.RemoveAll(r => PublicKeyPin.Of(r).Matches(pin));
        return rest.IsEmpty ? null : new TrustBundle(rest);
    }

    /// <summary>
    /// Only the root with this pin, or null. A joiner continues with the answer and not with the whole bundle it fetched: whoever stood
    /// in between may have added a root of its own.
    /// </summary>
    public TrustBundle? Only(string pin)
    {
        var match = Roots.FirstOrDefault(r => PublicKeyPin.Of(r).Matches(pin));
        return match is null ? null : new TrustBundle([match]);
    }

    /// <summary>All roots as PEM, each ending in a new line.</summary>
    public string ToPem()
    {
        var text = new StringBuilder();
        foreach (var root in Roots) text.Append(root.ExportCertificatePem()).Append('\n');
        return text.ToString();
    }

    internal X509Certificate2Collection ToCollection() => [.. Roots];

    internal static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority);
}
