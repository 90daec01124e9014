// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ClusterManager.Consul;

/// <summary>One request, complete but for the address and the token.</summary>
internal sealed record ConsulRequest
{
    public required HttpMethod Method { get; init; }

    /// <summary>The path, percent-encoded per segment.</summary>
    public required string Path { get; init; }

    /// <summary>The query without its question mark; empty when there is none.</summary>
    public string Query { get; init; } = "";

    /// <summary>A JSON body or a raw value; null sends none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>How long the server may hold the answer back, beyond the client's own deadline.</summary>
    public TimeSpan Wait { get; init; }

    public string PathAndQuery => Query.Length == 0 ? Path : $"{Path}?{Query}";

    /// <summary>What an error may call this request: never its query or body, which can hold what is not for a log.</summary>
    public string Operation => $"{Method} {Path}";

    public static ConsulRequest Get(string path, string query, ReadOptions read)
    {
        var text = new StringBuilder(query);
        Append(text, read.Mode switch
        {
            ConsistencyMode.Consistent => "consistent",
            ConsistencyMode.Stale => "stale",
            _ => "",
        });
        if (read.Index > 0)
        {
            Append(text, $"index={read.Index}");
            Append(text, $"wait={ConsulDuration.Format(read.Wait)}");
        }

        return new ConsulRequest
        {
            Method = HttpMethod.Get,
            Path = path,
            Query = text.ToString(),
            Wait = read.Index > 0 ? read.Wait : TimeSpan.Zero,
        };
    }

    public static ConsulRequest Put(string path, string query = "") =>
        new() { Method = HttpMethod.Put, Path = path, Query = query };

    public static ConsulRequest Put<T>(string path, T body, JsonTypeInfo<T> type, string query = "") =>
        new() { Method = HttpMethod.Put, Path = path, Query = query, Body = JsonSerializer.SerializeToUtf8Bytes(body, type) };

    public static ConsulRequest Delete(string path, string query = "") =>
        new() { Method = HttpMethod.Delete, Path = path, Query = query };

    private static void Append(StringBuilder query, string part)
    {
        if (part.Length == 0)
            return;
        if (query.Length > 0)
            query.Append('&');
        query.Append(part);
    }
}
