// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClusterManager.Manager.Planning.Plans;

/// <summary>
/// Names a plan without its being stored: what was asked for, what the services were that it rests on, and what it would do, each as a hash
/// that is computed again when the plan is given with its change; and when it was made, so that it can be told what has moved since. Forty-
/// eight bits are enough: they guard against a change that nobody noticed, not against somebody who looks for an equal one.
/// </summary>
/// <param name="MadeAt">Whole seconds.</param>
/// <param name="Subject">Of what was asked for.</param>
/// <param name="Base">Of the services.</param>
/// <param name="Deeds">Of what would be done, in its order.</param>
public sealed record PlanId(DateTimeOffset MadeAt, string Subject, string Base, string Deeds)
{
    private const string Prefix = "p1";
    private const int HashCharacters = 12;

    /// <summary>The id of a plan.</summary>
    public static PlanId Of(DateTimeOffset now, IEnumerable<string> subject, IEnumerable<string> rest, IEnumerable<string> deeds) =>
        new(DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()), Hash(subject), Hash(rest), Hash(deeds));

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PlanId? id)
    {
        ArgumentNullException.ThrowIfNull(text);
        id = null;
        if (text.Split('-') is not [Prefix, var time, var subject, var rest, var deeds]) return false;
        if (!long.TryParse(time, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var seconds)) return false;
        if (seconds is < 0 or > 253_402_300_799 || !IsHash(subject) || !IsHash(rest) || !IsHash(deeds)) return false;
        id = new PlanId(DateTimeOffset.FromUnixTimeSeconds(seconds), subject, rest, deeds);
        return true;
    }

    /// <summary>As operators copy it.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}-{MadeAt.ToUnixTimeSeconds():x8}-{Subject}-{Base}-{Deeds}");

    private static bool IsHash(string text) => text.Length == HashCharacters && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Each line's length is part of it, so that no two lists of lines are written alike.</summary>
    private static string Hash(IEnumerable<string> lines)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var line in lines)
        {
            var bytes = Encoding.UTF8.GetBytes(line);
            hash.AppendData(Encoding.ASCII.GetBytes(bytes.Length.ToString(CultureInfo.InvariantCulture) + ":"));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..HashCharacters];
    }
}
