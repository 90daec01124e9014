// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Files;

/// <summary>What a read of a sealed file found.</summary>
public enum SealedReadOutcome
{
    /// <summary>There is neither a newest nor a previous generation.</summary>
    Missing,

    /// <summary>The newest generation is whole.</summary>
    Intact,

    /// <summary>The newest generation is missing or damaged; the content is the one before it, so it may lack the last change.</summary>
    Previous,

    /// <summary>Truncated or altered, and no intact previous generation exists. There is no content.</summary>
    Damaged,

    /// <summary>Written by a newer version of this program. There is no content, and the file must not be overwritten.</summary>
    NewerFormat,
}
