// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using ClusterManager.Consul;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Persistence;

/// <summary>
/// What a real cluster had in Consul before format 2: three nodes, two services, written by the program of that time. Its secrets are
/// left out.
/// </summary>
internal static class RecordedState
{
    /// <summary>Whose it is.</summary>
    public static ClusterId Cluster { get; } = ClusterId.Parse("ef90df3260b326a0576ab7df69890e4a");

    /// <summary>Its keys and values, as <c>consul kv export</c> shows them.</summary>
    public static IReadOnlyList<KvEntry> FormatOne()
    {
        using var stream = typeof(RecordedState).Assembly.GetManifestResourceStream("state-format-1.json")!;
        using var json = JsonDocument.Parse(stream);
        return
        [
            .. json.RootElement.EnumerateArray().Select(entry => new KvEntry
            {
                Key = entry.GetProperty("key").GetString()!, Value = entry.GetProperty("value").GetBytesFromBase64(), ModifyIndex = 7,
            }),
        ];
    }
}
