// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;

namespace ClusterManager.Agent.Docker;

/// <summary>Builds paths and queries. Pure.</summary>
internal static class EnginePath
{
    /// <summary>Escapes a name for use in a path; slashes stay, image names have them.</summary>
    public static string Escape(string name) => Uri.EscapeDataString(name).Replace("%2F", "/", StringComparison.Ordinal);

    /// <summary>Adds a query to a path; parameters without a value are left out.</summary>
    public static string WithQuery(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var text = new StringBuilder(path);
        var separator = '?';
        foreach (var (name, value) in parameters)
        {
            if (value is null)
                continue;
            text.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }
        return text.ToString();
    }

    /// <summary>The <c>filters</c> parameter: JSON, name to values; null when there is nothing to filter.</summary>
    public static string? Filters(params ReadOnlySpan<(string Name, IReadOnlyList<string> Values)> filters)
    {
        var wanted = new Dictionary<string, string[]>();
        foreach (var (name, values) in filters)
        {
            if (values.Count > 0)
                wanted.Add(name, [.. values]);
        }
        return wanted.Count == 0 ? null : JsonSerializer.Serialize(wanted, DockerJson.Default.DictionaryStringStringArray);
    }
}
