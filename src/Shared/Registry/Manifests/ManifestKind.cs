// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Registry;

/// <summary>What a manifest describes.</summary>
public enum ManifestKind
{
    /// <summary>One image for one platform.</summary>
    Image = 1,

    /// <summary>A list of images, one for each platform.</summary>
    Index,
}
