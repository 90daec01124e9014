// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Recovery;

/// <summary>What the cluster is told to run, as text in a fixed order: equal before a fault and after it.</summary>
internal static class DesiredState
{
    /// <summary>Names, images and numbers of replicas.</summary>
    public static async Task<string> OfAsync(Harness.Lab lab, string host = "h1")
    {
        var services = (await lab.ClusterOnAsync(host, "service ls -o json")).Expect(0).Json();
        var lines = services.EnumerateArray().Select(service =>
            $"{service.GetProperty("name")} {service.GetProperty("image")} {service.GetProperty("desired")}");
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }
}
