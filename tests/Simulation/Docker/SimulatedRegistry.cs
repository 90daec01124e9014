// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;

namespace ClusterManager.Simulation.Docker;

/// <summary>
/// Images by name: <c>registry.test/app:good-7</c>. A digest begins with its behaviour's number, so that a pinned name still tells it.
/// </summary>
internal static class SimulatedRegistry
{
    /// <summary>A name for an image that behaves so.</summary>
    public static string NameOf(ImageBehaviour behaviour, int version) =>
        $"registry.test/app:{behaviour.ToString().ToLowerInvariant()}-{version}";

    /// <summary>How an image behaves, by its tag or its digest.</summary>
    public static ImageBehaviour BehaviourOf(string reference)
    {
        var at = reference.IndexOf("@sha256:", StringComparison.Ordinal);
        if (at >= 0) return (ImageBehaviour)(reference[at + 8] - 'a');
        var tag = reference[(reference.LastIndexOf(':') + 1)..];
        return Enum.Parse<ImageBehaviour>(tag[..tag.IndexOf('-', StringComparison.Ordinal)], ignoreCase: true);
    }

    /// <summary>What the registry says the name stands for.</summary>
    public static string DigestOf(string reference)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(reference)));
        return $"sha256:{(char)('a' + (int)BehaviourOf(reference))}{hash[1..]}";
    }
}
