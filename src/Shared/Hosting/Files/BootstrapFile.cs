// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Files;

/// <summary>
/// What <c>cluster init</c> hands to the first manager: <c>manager/bootstrap.json</c> (0600). The manager stores it in Consul in one
/// transaction that checks that no cluster exists there, and then deletes the file. Written again by a repeated <c>init</c>, it resumes.
/// </summary>
public sealed record BootstrapFile
{
    /// <summary>The cluster's name, for people.</summary>
    public required string ClusterName { get; init; }

    /// <summary>The root certificate of the cluster's CA.</summary>
    public required string CaCertificatePem { get; init; }

    /// <summary>Its private key; stored sealed by the cluster key.</summary>
    public required string CaKeyPem { get; init; }

    /// <summary>The root certificate of Consul's own CA; empty when an existing Consul is used.</summary>
    public string ConsulCaCertificatePem { get; init; } = "";

    /// <summary>Its private key; stored sealed.</summary>
    public string ConsulCaKeyPem { get; init; } = "";

    /// <summary>Consul's gossip key; stored sealed.</summary>
    public string GossipKey { get; init; } = "";

    /// <summary>The management token of Consul's ACL bootstrap; stored sealed.</summary>
    public string ConsulManagementToken { get; init; } = "";

    /// <summary>Accessor of the first node's Consul token.</summary>
    public string NodeTokenAccessor { get; init; } = "";

    /// <summary>Labels of the first node.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The sealed file of a manager's disk.</summary>
    public static SealedJsonFile<BootstrapFile> At(ClusterPaths paths, AtomicFiles? files = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return new(PathOf(paths), NodeFileJson.Default.BootstrapFile, FileModes.Private, files);
    }

    /// <summary>Removes it, with its previous generation.</summary>
    public static void Delete(ClusterPaths paths, AtomicFiles? files = null) =>
        (files ?? AtomicFiles.Local).DeleteSealed(PathOf(paths));

    private static string PathOf(ClusterPaths paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return Path.Combine(paths.ManagerDirectory, "bootstrap.json");
    }
}
