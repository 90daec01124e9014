// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Cli.Compose;

/// <summary>Collects what is wrong with one file, so that all of it can be said at once. Each thing is said once.</summary>
/// <param name="file">The file's name as the user gave it.</param>
internal sealed class Findings(string file)
{
    /// <summary>More errors than this are not collected: nobody reads them.</summary>
    public const int Most = 200;

    private readonly HashSet<Finding> _seen = [];
    private readonly List<Finding> _errors = [];
    private readonly List<Finding> _warnings = [];

    /// <summary>True when an error was found.</summary>
    public bool HasErrors => _errors.Count > 0;

    /// <summary>The errors in the order of the file.</summary>
    public ImmutableArray<Finding> Errors => Ordered(_errors);

    /// <summary>The warnings in the order of the file.</summary>
    public ImmutableArray<Finding> Warnings => Ordered(_warnings);

    /// <summary>Notes an error.</summary>
    public void Error(Position at, string path, string message) => Add(_errors, new Finding(file, at, path, message));

    /// <summary>Notes something that is accepted, with a consequence the user may not expect.</summary>
    public void Warn(Position at, string path, string message) => Add(_warnings, new Finding(file, at, path, message));

    private void Add(List<Finding> list, Finding finding)
    {
        if (list.Count < Most && _seen.Add(finding)) list.Add(finding);
    }

    private static ImmutableArray<Finding> Ordered(List<Finding> list) =>
        [.. list.OrderBy(f => f.At.Line).ThenBy(f => f.At.Column).ThenBy(f => f.Path, StringComparer.Ordinal)];
}
