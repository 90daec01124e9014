// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>Which of an image's changes in its registry a service follows by itself.</summary>
public enum TrackKind
{
    /// <summary>None: only an operator changes what runs.</summary>
    None = 1,

    /// <summary>The tag that the spec names: whenever it means another digest, that is rolled out.</summary>
    Tag = 2,

    /// <summary>Versions: the highest tag within <see cref="TrackPolicy.Range"/> is rolled out.</summary>
    Semver = 3,
}
