// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Cli.Compose;

/// <summary>What reading a compose file depends on besides its text. Everything from outside passes through here.</summary>
public sealed record ComposeOptions
{
    /// <summary>The file's name for messages, as the user gave it.</summary>
    public required string FileName { get; init; }

    /// <summary>The folder of the file: relative paths of <c>env_file</c> begin here, and its name is the stack's when nothing else names
    /// one.</summary>
    public required string Folder { get; init; }

    /// <summary>The stack's name from the command line; it wins over the file's. Null: not given.</summary>
    public string? Stack { get; init; }

    /// <summary>The caller's environment; it wins over the file <c>.env</c>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>
    /// Keys that are not understood but may be there, by path: <c>networks</c>, <c>services.web.build</c>, or below any service
    /// <c>build</c>.
    /// </summary>
    public IReadOnlyCollection<string> AllowIgnored { get; init; } = [];

    /// <summary>Reads another file (<c>.env</c>, <c>env_file</c>) by its full path; null when there is none. May throw <see
    /// cref="IOException"/>.</summary>
    public Func<string, byte[]?> ReadFile { get; init; } = static _ => null;
}
