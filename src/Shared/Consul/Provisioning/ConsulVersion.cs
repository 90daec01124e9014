// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Consul.Provisioning;

/// <summary>A Consul's version.</summary>
/// <param name="Major">First number.</param>
/// <param name="Minor">Second number.</param>
/// <param name="Patch">Third number; 0 when there is none.</param>
public readonly record struct ConsulVersion(int Major, int Minor, int Patch) : IComparable<ConsulVersion>
{
    /// <summary>The oldest version that has what the cluster needs: auto_encrypt, token persistence, DNS from the cache.</summary>
    public static ConsulVersion Needed => new(1, 8, 0);

    /// <summary>Reads the output of <c>consul version</c>, whose first line is such as "Consul v1.8.7" or "Consul v1.15.2+ent".</summary>
    /// <param name="output">The output.</param>
    /// <exception cref="UnsupportedConsulException">It is no such output, or the version is older than <see cref="Needed"/>.</exception>
    public static ConsulVersion ParseSupported(string output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var line = output.TrimStart().Split('\n', 2)[0].Trim();
        if (!line.StartsWith("Consul v", StringComparison.Ordinal) || !TryParse(line["Consul v".Length..], out var version))
            throw new UnsupportedConsulException(line.Length == 0 ? "no version output" : $"'{Shorten(line)}'");
        return version >= Needed ? version : throw new UnsupportedConsulException($"Consul {version}");
    }

    /// <summary>Reads numbers such as "1.8.7", "1.8" or "1.20.1-rc1"; what follows the numbers is ignored.</summary>
    /// <param name="text">The text.</param>
    /// <param name="version">The version; zeros when the text is none.</param>
    /// <returns>False when the text does not start with two numbers.</returns>
    public static bool TryParse(string text, out ConsulVersion version)
    {
        version = default;
        var numbers = text.Split('-', '+', ' ')[0].Split('.');
        if (numbers.Length < 2 || !TryNumber(numbers[0], out var major) || !TryNumber(numbers[1], out var minor))
            return false;
        var patch = 0;
        if (numbers.Length > 2 && !TryNumber(numbers[2], out patch))
            return false;
        version = new ConsulVersion(major, minor, patch);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(ConsulVersion other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    /// <summary>True when the left one is older.</summary>
    public static bool operator <(ConsulVersion left, ConsulVersion right) => left.CompareTo(right) < 0;

    /// <summary>True when the left one is newer.</summary>
    public static bool operator >(ConsulVersion left, ConsulVersion right) => left.CompareTo(right) > 0;

    /// <summary>True when the left one is not newer.</summary>
    public static bool operator <=(ConsulVersion left, ConsulVersion right) => left.CompareTo(right) <= 0;

    /// <summary>True when the left one is not older.</summary>
    public static bool operator >=(ConsulVersion left, ConsulVersion right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => $"{Major}.{Minor}.{Patch}";

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static string Shorten(string line) => line.Length > 80 ? line[..80] + "…" : line;
}
