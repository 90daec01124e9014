// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>How the number of allocations of a service follows from its spec.</summary>
public enum ServiceMode
{
    /// <summary>As many as <see cref="ServiceSpec.Replicas"/> says.</summary>
    Replicated = 1,

    /// <summary>One on each node that meets the constraints.</summary>
    Global = 2,
}
