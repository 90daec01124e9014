// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Hosting;

namespace ClusterManager.Manager.Diagnosis;

/// <summary>What the leader knows of itself.</summary>
/// <param name="Port">Of every manager's API.</param>
/// <param name="OwnsConsul">We wrote Consul's configuration.</param>
internal sealed record ManagerFacts(int Port, bool OwnsConsul)
{
    /// <summary>From its settings.</summary>
    public static ManagerFacts Of(ManagerSettings settings) => new(settings.Port, !settings.Node.Consul.IsExternal);
}
