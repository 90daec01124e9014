// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using ClusterManager.Consul;

namespace ClusterManager.Simulation.Consul;

/// <summary>From a request's path to what it means. Pure; what it does not know, nobody may ask here.</summary>
internal static class ConsulRoutes
{
    private const string Kv = "/v1/kv/";

    /// <summary>What is asked for.</summary>
    public static ConsulWork Find(string method, string path, string query, byte[] body)
    {
        var words = Words(query);
        if (path.StartsWith(Kv, StringComparison.Ordinal)) return KeyRoutes.Find(method, path[Kv.Length..], words, body);
        if (path.StartsWith("/v1/agent/", StringComparison.Ordinal)) return AgentRoutes.Find(path["/v1/agent/".Length..], body);
        if (path.StartsWith("/v1/session/", StringComparison.Ordinal))
            return SessionRoutes.Find(path["/v1/session/".Length..], words, body);
        return path == "/v1/txn" ? Transaction(words, body) : CatalogRoutes.Find(path, words);
    }

    /// <summary>A read with the options of its query.</summary>
    public static ConsulWork.Read Read(
        IReadOnlyDictionary<string, string> words, Func<ConsulData, ulong> indexOf, Func<ConsulData, ConsulReplyDraft> render) =>
        new(ModeOf(words), words.TryGetValue("index", out var index) ? ulong.Parse(index, CultureInfo.InvariantCulture) : 0,
            words.TryGetValue("wait", out var wait) ? Duration(wait) : TimeSpan.FromMinutes(5), indexOf, render);

    /// <summary>The name behind a prefix of the path, if it begins so.</summary>
    public static bool Is(string path, string prefix, out string name)
    {
        name = path.StartsWith(prefix, StringComparison.Ordinal) ? path[prefix.Length..] : "";
        return name.Length > 0;
    }

    /// <summary>A duration such as <c>1500ms</c> or <c>2s</c>.</summary>
    public static TimeSpan Duration(string text) => text.EndsWith("ms", StringComparison.Ordinal)
        ? TimeSpan.FromMilliseconds(double.Parse(text[..^2], CultureInfo.InvariantCulture))
        : TimeSpan.FromSeconds(double.Parse(text[..^1], CultureInfo.InvariantCulture));

    private static ConsulWork Transaction(Dictionary<string, string> words, byte[] body)
    {
        var operations = JsonSerializer.Deserialize(body, ConsulJson.Default.ListTransactionOperationJson)!;
        if (operations.All(IsRead))
            return new ConsulWork.Read(ModeOf(words), 0, default, static data => data.Index,
                data => Reply(ConsulTransaction.Run(data, operations)));
        return new ConsulWork.Write((data, _) =>
        {
            var (after, reply) = ConsulTransaction.Run(data, operations);
            return (after, Reply((after, reply)));
        }) { Operations = operations };
    }

    private static bool IsRead(TransactionOperationJson operation) =>
        operation.Kv?.Verb is "check-session" or "check-index" or "check-not-exists" or "get" or "get-tree";

    private static ConsulReplyDraft Reply((ConsulData? After, TransactionReplyJson Reply) run) =>
        ConsulReplyDraft.Of(run.Reply, ConsulJson.Default.TransactionReplyJson, status: run.After is null ? 409 : 200);

    private static ConsistencyMode ModeOf(IReadOnlyDictionary<string, string> words) =>
        words.ContainsKey("stale") ? ConsistencyMode.Stale
        : words.ContainsKey("consistent") ? ConsistencyMode.Consistent : ConsistencyMode.Default;

    private static Dictionary<string, string> Words(string query)
    {
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            words[equals < 0 ? part : part[..equals]] = equals < 0 ? "" : Uri.UnescapeDataString(part[(equals + 1)..]);
        }

        return words;
    }
}
