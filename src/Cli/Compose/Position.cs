// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Compose;

/// <summary>A place in a text file, both counted from 1.</summary>
/// <param name="Line">The line.</param>
/// <param name="Column">The character in the line.</param>
public readonly record struct Position(int Line, int Column)
{
    /// <summary>The beginning of a file.</summary>
    public static Position Start { get; } = new(1, 1);
}
