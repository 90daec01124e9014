// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Registry;

/// <summary>How much of a manifest is wanted.</summary>
public enum ManifestRead
{
    /// <summary>
    /// Digest, kind and size (a HEAD request): cheap, and not counted by registries that count downloads. What the registry says is
    /// believed; where it does not say enough, the manifest is fetched after all.
    /// </summary>
    Head = 1,

    /// <summary>The manifest itself (a GET request), verified against its digest.</summary>
    Whole,
}
