// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Releases;

/// <summary>The images of a stack as one cluster runs them, to be run by another.</summary>
internal sealed record Release
{
    /// <summary>The only format there is.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Of the file.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The stack.</summary>
    public required string Stack { get; init; }

    /// <summary>The context that it was read from.</summary>
    public required string From { get; init; }

    /// <summary>Its images, by the services' names.</summary>
    public required SortedDictionary<string, ReleasedImage> Services { get; init; }
}
