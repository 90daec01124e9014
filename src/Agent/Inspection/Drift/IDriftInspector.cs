// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Wire.V1;

namespace ClusterManager.Agent.Inspection.Drift;

/// <summary>Compares this node's containers with what they should be, for <c>cluster drift</c>.</summary>
internal interface IDriftInspector
{
    /// <summary>Looks at all of them once; changes nothing.</summary>
    /// <param name="request">The question.</param>
    /// <param name="cancellationToken">The session ends.</param>
    Task<Comparison> CompareAsync(CompareRequest request, CancellationToken cancellationToken);
}
