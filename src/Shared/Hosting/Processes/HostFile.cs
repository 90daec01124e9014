// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json;
using ClusterManager.Hosting.Files;

namespace ClusterManager.Hosting.Processes;

/// <summary>
/// <c>run/host.json</c>: which processes run on this machine. Roles are started in this order and stopped in the reverse one, so Consul
/// comes first.
/// </summary>
public sealed record HostFile
{
    private const string FileName = "host.json";

    /// <summary>The roles; names are unique.</summary>
    public required ImmutableArray<HostRole> Roles { get; init; }

    /// <summary>What is wrong, in words for an operator; null when nothing is.</summary>
    public string? Problem()
    {
        if (Roles.IsDefault) return "there are no roles";
        if (Roles.Select(r => r.Name).Distinct(StringComparer.Ordinal).Count() != Roles.Length) return "two roles have the same name";
        return Roles.Select(r => r.Problem()).FirstOrDefault(p => p is not null);
    }

    /// <summary>Writes the file (0600: an environment may hold secrets). A running supervisor notices within 500 ms.</summary>
    /// <exception cref="ArgumentException"><see cref="Problem"/> says why.</exception>
    public Task WriteAsync(ClusterPaths paths, CancellationToken cancellationToken)
    {
        if (Problem() is { } problem) throw new ArgumentException(problem);
        var json = JsonSerializer.SerializeToUtf8Bytes(this, HostFileJson.Default.HostFile);
        return AtomicFile.WriteAsync(At(paths), json, FileModes.Private, cancellationToken);
    }

    /// <summary>Reads the file.</summary>
    /// <returns>The file; or null with a problem; or null without one when there is no file.</returns>
    public static async Task<(HostFile? File, string? Problem)> ReadAsync(ClusterPaths paths, CancellationToken cancellationToken)
    {
        var bytes = await AtomicFile.ReadAsync(At(paths), cancellationToken);
        return bytes is null ? (null, null) : Parse(bytes);
    }

    internal static string At(ClusterPaths paths) => Path.Combine(paths.RunDirectory, FileName);

    internal static (HostFile? File, string? Problem) Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var file = JsonSerializer.Deserialize(json, HostFileJson.Default.HostFile);
            if (file is null) return (null, "it is empty");
            return file.Problem() is { } problem ? (null, problem) : (file, null);
        }
        catch (JsonException e)
        {
            return (null, $"its JSON is not understood at {e.Path ?? "its beginning"}");
        }
    }
}
