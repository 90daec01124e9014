// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;

namespace ClusterManager.Hosting.Security;

/// <summary>
/// What lets a machine join: <c>CMT-1-TOKENID-SECRET-PIN</c>. The id finds the stored record, the secret (160 bits) proves the right to
/// join,
/// and the pin names the cluster's CA, so that the joiner knows whom it talks to before it trusts anyone.
/// </summary>
/// <remarks>Only <see cref="TokenSecretHash"/> of the secret is stored. <see cref="ToString"/> leaves the secret out.</remarks>
public sealed class JoinToken
{
    private const string Prefix = "CMT";
    private const string Format = "1";
    private const int IdBytes = 6;
    private const int IdLength = 9;
    private const int SecretBytes = 20;
    private const int SecretLength = 28;

    private JoinToken(string tokenId, string secret, string pin)
    {
        TokenId = tokenId;
        Secret = new Secret(secret);
        Pin = pin;
    }

    /// <summary>The public name of the token: 9 characters.</summary>
    public string TokenId { get; }

    /// <summary>What proves the right to join.</summary>
    public Secret Secret { get; }

    /// <summary>The text form of the <see cref="PublicKeyPin"/> of the cluster's CA.</summary>
    public string Pin { get; }

    /// <summary>A new token with a random id and secret for the cluster whose CA has this pin.</summary>
    public static JoinToken Create(PublicKeyPin pin) => new(
        Base58.Encode(RandomNumberGenerator.GetBytes(IdBytes), IdLength),
        Base58.Encode(RandomNumberGenerator.GetBytes(SecretBytes), SecretLength),
        pin.Text);

    /// <summary>Reads the text form; white space around it is ignored.</summary>
    /// <param name="text">What the user gave.</param>
    /// <param name="problem">A sentence that names what is wrong without repeating the token; null on success.</param>
    /// <returns>The token, or null.</returns>
    public static JoinToken? TryParse(string? text, out string? problem)
    {
        var parts = (text ?? "").Trim().Split('-');
        problem = FindProblem(parts);
        return problem is null ? new JoinToken(parts[2], parts[3], parts[4]) : null;
    }

    /// <summary>The whole token, to be shown once to whoever made it.</summary>
    public string Reveal() => $"{Prefix}-{Format}-{TokenId}-{Secret.Reveal()}-{Pin}";

    /// <summary>The token without its secret, for logs.</summary>
    public override string ToString() => $"{Prefix}-{Format}-{TokenId}-***";

    private static string? FindProblem(string[] parts)
    {
        if (parts is [""]) return "The token is empty.";
        if (parts[0] != Prefix) return "This is no join token: it does not begin with CMT-.";
        if (parts.Length > 1 && parts[1] != Format) return "The token has another format than CMT-1: it was made by another version.";
        if (parts.Length < 5) return "The token is cut off: it has fewer than five parts.";
        if (parts.Length > 5) return "The token has more than five parts: something was added to it.";
        return PartProblem("id", parts[2], IdLength)
            ?? PartProblem("secret", parts[3], SecretLength)
            ?? PartProblem("pin", parts[4], PublicKeyPin.TextLength);
    }

    private static string? PartProblem(string name, string part, int length)
    {
        if (part.Length < length) return $"The token's {name} is cut off: it has {part.Length} of {length} characters.";
        if (part.Length > length) return $"The token's {name} is too long: it has {part.Length} instead of {length} characters.";
        return Base58.IsValid(part) ? null : $"The token's {name} contains a character that no token has.";
    }
}
