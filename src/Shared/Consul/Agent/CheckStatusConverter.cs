// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClusterManager.Consul;

/// <summary>Statuses as Consul writes them; an unknown one counts as critical, the safe side.</summary>
internal sealed class CheckStatusConverter : JsonConverter<CheckStatus>
{
    public static string ToWire(CheckStatus status) => status switch
    {
        CheckStatus.Passing => "passing",
        CheckStatus.Warning => "warning",
        CheckStatus.Maintenance => "maintenance",
        _ => "critical",
    };

    public override CheckStatus Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() switch
    {
        "passing" => CheckStatus.Passing,
        "warning" => CheckStatus.Warning,
        "maintenance" => CheckStatus.Maintenance,
        _ => CheckStatus.Critical,
    };

    public override void Write(Utf8JsonWriter writer, CheckStatus value, JsonSerializerOptions options) =>
        writer.WriteStringValue(ToWire(value));
}
