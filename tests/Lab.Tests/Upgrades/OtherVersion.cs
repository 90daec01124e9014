// SPDX-License-Identifier: Apache-2.0
using System.Text;
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Upgrades;

/// <summary>
/// The programs in another version than those under test. CLUSTER_TEST_OTHER names a folder with a build of another version, for instance
/// of the last tag; without it they are copies in which nothing differs but the version that they state: a second build takes minutes, and
/// what an upgrade replaces, waits for and must not touch is the same.
/// </summary>
internal static class OtherVersion
{
    private static readonly string[] Files = ["cluster", "cluster-agent", "cluster-manager"];

    /// <summary>The version of the programs in a folder.</summary>
    public static async Task<string> OfAsync(string folder) =>
        (await PackageFixture.RunAsync($"{folder}/cluster", "--version")).Output.Split(' ')[1].Trim();

    /// <summary>Puts the programs in another version into a folder, and answers which.</summary>
    /// <param name="programs">Those under test.</param>
    /// <param name="target">An existing folder.</param>
    public static async Task<string> CopyAsync(string programs, string target)
    {
        var given = Environment.GetEnvironmentVariable("CLUSTER_TEST_OTHER");
        var version = await OfAsync(programs);
        var other = version[..^1] + (version[^1] == '9' ? '8' : '9');
        foreach (var file in Files)
        {
            var bytes = await File.ReadAllBytesAsync(Path.Combine(string.IsNullOrEmpty(given) ? programs : given, file));
            if (string.IsNullOrEmpty(given)) Replace(bytes, Attribute(version), Attribute(other));
            await File.WriteAllBytesAsync(Path.Combine(target, file), bytes);
            File.SetUnixFileMode(Path.Combine(target, file), File.GetUnixFileMode(Path.Combine(programs, file)));
        }

        return await OfAsync(target);
    }

    // AssemblyInformationalVersion as metadata keeps it: prolog, length, text, no named arguments (ECMA-335 II.23.3).
    private static byte[] Attribute(string version) => [1, 0, (byte)version.Length, .. Encoding.UTF8.GetBytes(version), 0, 0];

    private static void Replace(Span<byte> bytes, ReadOnlySpan<byte> old, ReadOnlySpan<byte> next)
    {
        for (var at = bytes.IndexOf(old); at >= 0; at = bytes.IndexOf(old))
        {
            next.CopyTo(bytes[at..]);
            bytes = bytes[(at + next.Length)..];
        }
    }
}
