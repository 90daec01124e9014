// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using ClusterManager.Consul;

namespace ClusterManager.Simulation.Consul;

/// <summary>
/// <c>/v1/session</c>: sessions bound to the checks of the caller's node. A time to live of their own is kept by nobody here. Pure.
/// </summary>
internal static class SessionRoutes
{
    /// <summary>What is asked for.</summary>
    public static ConsulWork Find(string path, IReadOnlyDictionary<string, string> words, byte[] body)
    {
        if (path == "create")
        {
            var wanted = JsonSerializer.Deserialize(body, ConsulJson.Default.SessionCreateJson)!;
            return new ConsulWork.Write((data, node) => Create(data, node, wanted));
        }

        if (ConsulRoutes.Is(path, "destroy/", out var ended))
            return new ConsulWork.Write((data, _) => (data.End(ended), new ConsulReplyDraft(200, "true"u8.ToArray())));
        if (ConsulRoutes.Is(path, "info/", out var session))
            return ConsulRoutes.Read(words, static data => data.SessionsIndex, data => ConsulReplyDraft.Of(
                data.Sessions.TryGetValue(session, out var info) ? [info] : [], ConsulJson.Default.ListSessionInfo, data.SessionsIndex));
        if (ConsulRoutes.Is(path, "renew/", out var renewed))
            return new ConsulWork.Write((data, _) => (null, data.Sessions.ContainsKey(renewed)
                ? ConsulReplyDraft.Done : ConsulReplyDraft.Failed(404, $"Session id '{renewed}' not found")));
        throw new NotSupportedException(path);
    }

    private static (ConsulData?, ConsulReplyDraft) Create(ConsulData data, string node, SessionCreateJson wanted)
    {
        var services = wanted.ServiceChecks ?? [];
        foreach (var check in wanted.NodeChecks.Concat(services.Select(check => check.Id)))
            if (data.Refusal(node, check) is { } words) return (null, ConsulReplyDraft.Failed(500, words));
        // Real ids are random; here the index makes them, so that a seed's are always the same.
        var id = string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{data.Index:x12}");
        var session = new SessionInfo
        {
            Id = id, Name = wanted.Name, Node = node, NodeChecks = wanted.NodeChecks, ServiceChecks = services,
            Behavior = wanted.Behavior.Length == 0 ? "release" : wanted.Behavior,
            LockDelayNanoseconds = ConsulRoutes.Duration(wanted.LockDelay).Ticks * TimeSpan.NanosecondsPerTick,
        };
        return (data.Begin(session), ConsulReplyDraft.Of(new IdJson(id), ConsulJson.Default.IdJson));
    }
}
