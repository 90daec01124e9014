// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;

namespace ClusterManager.Consul;

internal sealed record SessionCreateJson
{
    public string Name { get; init; } = "";

    public IReadOnlyList<string> NodeChecks { get; init; } = [];

    public IReadOnlyList<SessionServiceCheck>? ServiceChecks { get; init; }

    public string LockDelay { get; init; } = "";

    public string Behavior { get; init; } = "";

    [JsonPropertyName("TTL")]
    public string? Ttl { get; init; }

    public static SessionCreateJson From(SessionRequest request) => new()
    {
        Name = request.Name,
        NodeChecks = request.NodeChecks,
        ServiceChecks = request.ServiceChecks.Count == 0 ? null : request.ServiceChecks.Select(id => new SessionServiceCheck(id)).ToList(),
        LockDelay = ConsulDuration.Format(request.LockDelay),
        Behavior = request.DeleteOnEnd ? "delete" : "release",
        Ttl = request.Ttl is { } ttl ? ConsulDuration.Format(ttl) : null,
    };
}

internal sealed record IdJson([property: JsonPropertyName("ID")] string Id);
