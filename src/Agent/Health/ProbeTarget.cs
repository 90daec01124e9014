// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Agent.Health;

/// <summary>What to ask.</summary>
/// <param name="Kind">HTTP or TCP.</param>
/// <param name="Address">The container's address.</param>
/// <param name="Port">The container's port; 0: the service has none to ask.</param>
/// <param name="Path">For HTTP.</param>
/// <param name="Timeout">How long it may take.</param>
internal sealed record ProbeTarget(HealthKind Kind, string Address, int Port, string Path, TimeSpan Timeout)
{
    /// <summary>The target of a service's health check in one container. Its spec has an HTTP or TCP check.</summary>
    public static ProbeTarget Of(ServiceSpec spec, string address)
    {
        var health = spec.Health!;
        var port = health.Port != 0 ? health.Port : spec.Ports.IsEmpty ? 0 : spec.Ports[0].Target;
        return new ProbeTarget(health.Kind, address, port, health.Path, health.Timeout);
    }
}
