// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Agent.Discovery;

/// <summary>The node's own registry of services. Knows nothing of allocations.</summary>
internal interface IServiceRegistry
{
    /// <summary>The entries with our prefix.</summary>
    /// <exception cref="RegistryUnavailableException">It does not answer, or refuses.</exception>
    Task<ImmutableArray<Registration>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Makes one change; a removal of what is not there succeeds.</summary>
    /// <exception cref="RegistryUnavailableException">It does not answer, or refuses.</exception>
    Task ApplyAsync(RegistrationChange change, CancellationToken cancellationToken);
}
