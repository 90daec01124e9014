// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Health;

/// <summary>Asks a container whether it is well.</summary>
internal interface IProber
{
    /// <summary>Asks once, within the target's time. Never throws but for cancellation: what fails is a result.</summary>
    Task<ProbeResult> ProbeAsync(ProbeTarget target, CancellationToken cancellationToken);
}
