// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Registry;

/// <summary>Where the client gets credentials. Asked whenever a registry wants some, so that a changed password takes effect.</summary>
public interface IRegistryCredentials
{
    /// <summary>The credential for one registry; it is shown to no other one, mirrors included.</summary>
    /// <param name="registry">The registry as images or the list of mirrors name it, host and port.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The credential; null: go there without.</returns>
    ValueTask<RegistryCredential?> FindAsync(string registry, CancellationToken cancellationToken);
}
