// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterManager.Hosting.Security;

/// <summary>
/// The SHA-256 of a certificate's SubjectPublicKeyInfo, as text of 44 base-58 characters: names a key for good, whatever certificate
/// carries it.
/// </summary>
public readonly record struct PublicKeyPin
{
    /// <summary>The length of the text form.</summary>
    public const int TextLength = 44;

    private PublicKeyPin(string text) => Text = text;

    /// <summary>The text form; null only for the default value.</summary>
    public string Text { get; }

    /// <summary>The pin of a certificate's key.</summary>
    public static PublicKeyPin Of(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return new PublicKeyPin(Base58.Encode(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()), TextLength));
    }

    /// <summary>
    /// True when <paramref name="pin"/> is the text form of this pin. Pins are public: the comparison is an ordinary one.
    /// </summary>
    public bool Matches(string pin) => string.Equals(Text, pin, StringComparison.Ordinal);

    /// <summary>The text form.</summary>
    public override string ToString() => Text;
}
