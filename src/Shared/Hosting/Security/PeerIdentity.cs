// SPDX-License-Identifier: Apache-2.0
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterManager.Hosting.Security;

/// <summary>
/// Who a certificate is about: subject <c>CN=ID, OU=ROLE, O=CLUSTER</c>. Reading one proves nothing by itself:
/// only <see cref="PeerValidator"/> says whether it may be believed.
/// </summary>
/// <param name="Role">What the peer is.</param>
/// <param name="Id">The node's id, or an operator's name.</param>
/// <param name="ClusterId">The cluster it belongs to.</param>
public sealed record PeerIdentity(PeerRole Role, string Id, string ClusterId)
{
    // X.520 gives a common name at most 64 characters.
    private const int PartLengthMax = 64;
    private const string CommonName = "2.5.4.3";
    private const string OrganizationalUnit = "2.5.4.11";
    private const string Organization = "2.5.4.10";

    /// <summary>
    /// What forbids this identity in a certificate, or null. Ids are 1 to 64 of <c>A–Z a–z 0–9 . _ - @</c>, so that no
    /// escaping rule of any tool can make one name look like another.
    /// </summary>
    public string? Problem() =>
        !IsPlain(Id) ? "the id must be 1 to 64 of A-Z a-z 0-9 . _ - @"
        : !IsPlain(ClusterId) ? "the cluster id must be 1 to 64 of A-Z a-z 0-9 . _ - @"
        : null;

    /// <summary>Reads the subject of <paramref name="certificate"/>; null when it is not of our form.</summary>
    public static PeerIdentity? TryRead(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        try
        {
            return Read(certificate.SubjectName);
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException or InvalidOperationException)
        {
            return null;
        }
    }

    internal X500DistinguishedName ToSubject()
    {
        var builder = new X500DistinguishedNameBuilder();
        builder.AddOrganizationName(ClusterId);
        builder.AddOrganizationalUnitName(RoleName(Role));
        builder.AddCommonName(Id);
        return builder.Build();
    }

    // Exactly one of each: with two common names, two programs could read two different peers.
    private static PeerIdentity? Read(X500DistinguishedName subject)
    {
        string? id = null, role = null, cluster = null;
        foreach (var part in subject.EnumerateRelativeDistinguishedNames())
        {
            if (part.HasMultipleElements) return null;
            var value = part.GetSingleElementValue();
            switch (part.GetSingleElementType().Value)
            {
                case CommonName when id is null: id = value; break;
                case OrganizationalUnit when role is null: role = value; break;
                case Organization when cluster is null: cluster = value; break;
                default: return null;
            }
        }
        if (id is null || cluster is null || ParseRole(role) is not { } known) return null;
        var identity = new PeerIdentity(known, id, cluster);
        return identity.Problem() is null ? identity : null;
    }

    private static string RoleName(PeerRole role) => role switch
    {
        PeerRole.Node => "node",
        PeerRole.Manager => "manager",
        _ => "operator",
    };

    private static PeerRole? ParseRole(string? name) => name switch
    {
        "node" => PeerRole.Node,
        "manager" => PeerRole.Manager,
        "operator" => PeerRole.Operator,
        _ => null,
    };

    private static bool IsPlain(string text) =>
        text.Length is > 0 and <= PartLengthMax && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@');
}
