// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Registry;

namespace ClusterManager.Manager.Credentials;

/// <summary>The cluster's credentials first, then those of this machine's settings.</summary>
internal sealed class BesideCredentials(IRegistryCredentials first, IRegistryCredentials second) : IRegistryCredentials
{
    public async ValueTask<RegistryCredential?> FindAsync(string registry, CancellationToken cancellationToken) =>
        await first.FindAsync(registry, cancellationToken) ?? await second.FindAsync(registry, cancellationToken);
}
