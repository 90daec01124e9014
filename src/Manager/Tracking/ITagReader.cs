// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Registry;

namespace ClusterManager.Manager.Tracking;

/// <summary>What following images asks of registries. One for real registries, one of the tests' own.</summary>
internal interface ITagReader
{
    /// <summary>The digest that a tag means now, by a HEAD.</summary>
    /// <exception cref="RegistryException">There is no answer.</exception>
    Task<string> DigestAsync(string image, CancellationToken cancellationToken);

    /// <summary>The tags of an image's repository.</summary>
    /// <exception cref="RegistryException">There is no answer.</exception>
    Task<IReadOnlyList<string>> TagsAsync(string image, CancellationToken cancellationToken);
}
