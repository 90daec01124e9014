// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace ClusterManager.Hosting.Security;

/// <summary>A text that must never be shown: in logs, exceptions, JSON and the debugger it appears as <c>***</c>.</summary>
/// <remarks>Comparison takes the same time wherever two values differ.</remarks>
/// <param name="value">The text.</param>
[DebuggerDisplay("***")]
public readonly struct Secret(string value) : IEquatable<Secret>
{
    private const string Mask = "***";
    private readonly string? _value = value;

    /// <summary>The text itself. Call it where it is used, not where it is passed on. Empty for the default value.</summary>
    public string Reveal() => _value ?? "";

    /// <summary>Always <c>***</c>.</summary>
    public override string ToString() => Mask;

    /// <inheritdoc/>
    public bool Equals(Secret other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Reveal()), Encoding.UTF8.GetBytes(other.Reveal()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Secret other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Reveal().GetHashCode(StringComparison.Ordinal);

    /// <summary>Compares in constant time.</summary>
    public static bool operator ==(Secret left, Secret right) => left.Equals(right);

    /// <summary>Compares in constant time.</summary>
    public static bool operator !=(Secret left, Secret right) => !left.Equals(right);
}
