// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Credentials;

/// <summary>Runs credential helpers: programs of the machine, or a test's own.</summary>
internal interface IHelperRunner
{
    /// <summary>What the helper printed for the registry.</summary>
    /// <exception cref="InvalidDataException">It is not there, failed, took too long or printed too much: why, not its output.</exception>
    Task<byte[]> AskAsync(string helper, string registry, CancellationToken cancellationToken);
}
