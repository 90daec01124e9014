// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Wire.V1;

namespace ClusterManager.Agent.Inspection;

/// <summary>Looks at this machine for <c>cluster doctor</c>.</summary>
internal interface IInspector
{
    /// <summary>Looks at everything once; ends within 4 s whatever hangs, and changes nothing.</summary>
    /// <param name="request">What to try beside the usual.</param>
    /// <param name="cancellationToken">The session ends.</param>
    Task<ClusterManager.Wire.V1.Inspection> InspectAsync(InspectRequest request, CancellationToken cancellationToken);
}
