// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Tests.Docker;

/// <summary>A request that a <see cref="TinyHttpServer"/> received.</summary>
internal sealed record TinyRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>The target without its query.</summary>
    public string Path => Target.Split('?')[0];
}
