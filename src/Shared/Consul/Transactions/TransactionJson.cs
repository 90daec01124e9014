// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Consul;

/// <summary>One operation on the wire: exactly one member is set.</summary>
internal sealed record TransactionOperationJson
{
    [JsonPropertyName("KV")]
    public KvOperationJson? Kv { get; init; }

    public NodeOperationJson? Node { get; init; }

    public ServiceOperationJson? Service { get; init; }

    public static TransactionOperationJson From(TransactionOperation operation) => operation.Target switch
    {
        "Node" => new() { Node = new(operation.Verb, new(operation.Key)) },
        "Service" => new() { Service = new(operation.Verb, operation.Key, new(operation.Id ?? "", operation.Name ?? "")) },
        _ => new()
        {
            Kv = new()
            {
                Verb = operation.Verb,
                Key = operation.Key,
                Value = operation.Value,
                Index = operation.Index,
                Flags = operation.Flags,
                Session = operation.Session,
            },
        },
    };
}

internal sealed record KvOperationJson
{
    public string Verb { get; init; } = "";

    public string Key { get; init; } = "";

    /// <summary>Written as base64.</summary>
    public ReadOnlyMemory<byte>? Value { get; init; }

    public ulong? Index { get; init; }

    public ulong? Flags { get; init; }

    public string? Session { get; init; }
}

internal sealed record NodeOperationJson(string Verb, NodeNameJson Node);

internal sealed record NodeNameJson([property: JsonPropertyName("Node")] string Name);

internal sealed record ServiceOperationJson(string Verb, string Node, ServiceIdJson Service);

internal sealed record ServiceIdJson(
    [property: JsonPropertyName("ID")] string Id,
    [property: JsonPropertyName("Service")] string Name);

/// <summary>The answer to a transaction, with status 200 or 409.</summary>
internal sealed record TransactionReplyJson
{
    public List<TransactionEntryJson>? Results { get; init; }

    public List<TransactionErrorJson>? Errors { get; init; }
}

internal sealed record TransactionEntryJson
{
    [JsonPropertyName("KV")]
    public KvEntry? Kv { get; init; }
}

internal sealed record TransactionErrorJson
{
    public int OpIndex { get; init; }

    public string What { get; init; } = "";
}
