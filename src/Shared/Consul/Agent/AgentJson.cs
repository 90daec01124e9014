// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClusterManager.Consul;

internal sealed record AgentSelfJson
{
    public AgentSelf? Config { get; init; }
}

internal sealed record AgentSettingsJson
{
    public Dictionary<string, JsonElement>? DebugConfig { get; init; }
}

internal sealed record AgentTokenJson(string Token);

internal sealed record CheckUpdateJson(CheckStatus Status, string Output);

internal sealed record CheckRegisterJson
{
    [JsonPropertyName("ID")]
    public string? Id { get; init; }

    /// <summary>The id inside a service registration, where the same thing has another name.</summary>
    [JsonPropertyName("CheckID")]
    public string? CheckId { get; init; }

    public string Name { get; init; } = "";

    [JsonPropertyName("TTL")]
    public string Ttl { get; init; } = "";

    public CheckStatus Status { get; init; }

    [JsonPropertyName("ServiceID")]
    public string? ServiceId { get; init; }

    public string? DeregisterCriticalServiceAfter { get; init; }

    public string Notes { get; init; } = "";

    public static CheckRegisterJson From(TtlCheck check, bool insideService) => new()
    {
        Id = insideService ? null : check.Id,
        CheckId = insideService ? check.Id : null,
        Name = check.Name ?? check.Id,
        Ttl = ConsulDuration.Format(check.Ttl),
        Status = check.InitialStatus,
        ServiceId = insideService ? null : check.ServiceId,
        DeregisterCriticalServiceAfter = check.DeregisterServiceAfter is { } after ? ConsulDuration.Format(after) : null,
        Notes = check.Notes,
    };
}

internal sealed record ServiceRegisterJson
{
    [JsonPropertyName("ID")]
    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    public string? Address { get; init; }

    public int Port { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyDictionary<string, string> Meta { get; init; } = EmptyMap.Strings;

    public WeightsJson? Weights { get; init; }

    public IReadOnlyList<CheckRegisterJson> Checks { get; init; } = [];

    public static ServiceRegisterJson From(ServiceRegistration service) => new()
    {
        Id = service.Id,
        Name = service.Name,
        Address = service.Address,
        Port = service.Port,
        Tags = service.Tags,
        Meta = service.Meta,
        Weights = new(service.Weight, 1),
        Checks = service.Checks.Select(check => CheckRegisterJson.From(check, insideService: true)).ToList(),
    };
}

internal sealed record WeightsJson(int Passing, int Warning);
