// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Registry;

namespace ClusterManager.Shared.Tests.Registry;

/// <summary>A credential for one registry, and none for any other.</summary>
internal sealed class OneCredential(string owner, RegistryCredential credential) : IRegistryCredentials
{
    public ValueTask<RegistryCredential?> FindAsync(string registry, CancellationToken cancellationToken) =>
        ValueTask.FromResult(registry == owner ? credential : null);
}
