// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Consul;

namespace ClusterManager.Simulation.Consul;

/// <summary><c>/v1/kv</c>: reading, writing, locking and deleting keys one at a time. Pure.</summary>
internal static class KeyRoutes
{
    private static readonly byte[] True = "true"u8.ToArray();
    private static readonly byte[] False = "false"u8.ToArray();

    /// <summary>What is asked for.</summary>
    public static ConsulWork Find(string method, string key, IReadOnlyDictionary<string, string> words, byte[] body) => method switch
    {
        "GET" when words.ContainsKey("keys") => ConsulRoutes.Read(words, data => data.IndexBelow(key), data => Names(data, key)),
        "GET" when words.ContainsKey("recurse") => ConsulRoutes.Read(words, data => data.IndexBelow(key), data => Below(data, key)),
        "GET" => ConsulRoutes.Read(words, data => data.IndexOf(key), data => One(data, key)),
        "DELETE" => new ConsulWork.Write((data, _) => (data.Delete(key), Said(true))),
        _ when words.TryGetValue("acquire", out var session) =>
            new ConsulWork.Write((data, _) => Session(data, session) ?? Verdict(data.Lock(key, body, session))),
        _ when words.TryGetValue("release", out var session) =>
            new ConsulWork.Write((data, _) => Session(data, session) ?? Verdict(data.Unlock(key, body, session))),
        _ when words.TryGetValue("cas", out var index) => new ConsulWork.Write((data, _) => Verdict(
            (data.Keys.GetValueOrDefault(key)?.ModifyIndex ?? 0) == ulong.Parse(index, CultureInfo.InvariantCulture)
                ? data.Set(key, body) : null)),
        _ => new ConsulWork.Write((data, _) => (data.Set(key, body), Said(true))),
    };

    private static ConsulReplyDraft One(ConsulData data, string key) => data.Keys.TryGetValue(key, out var entry)
        ? ConsulReplyDraft.Of([entry], ConsulJson.Default.ListKvEntry, data.IndexOf(key)) : new(404, [], data.IndexOf(key));

    private static ConsulReplyDraft Below(ConsulData data, string prefix)
    {
        var entries = data.Below(prefix).ToList();
        var index = data.IndexBelow(prefix);
        return entries.Count == 0 ? new(404, [], index) : ConsulReplyDraft.Of(entries, ConsulJson.Default.ListKvEntry, index);
    }

    private static ConsulReplyDraft Names(ConsulData data, string prefix)
    {
        var names = data.Below(prefix).Select(entry => entry.Key).ToList();
        var index = data.IndexBelow(prefix);
        return names.Count == 0 ? new(404, [], index) : ConsulReplyDraft.Of(names, ConsulJson.Default.ListString, index);
    }

    private static (ConsulData?, ConsulReplyDraft)? Session(ConsulData data, string session) => data.Sessions.ContainsKey(session)
        ? null : (null, ConsulReplyDraft.Failed(500, $"invalid session \"{session}\""));

    private static (ConsulData?, ConsulReplyDraft) Verdict(ConsulData? after) => (after, Said(after is not null));

    private static ConsulReplyDraft Said(bool isDone) => new(200, isDone ? True : False);
}
