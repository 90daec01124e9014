// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

internal sealed record RaftConfigurationJson
{
    public IReadOnlyList<RaftServer> Servers { get; init => field = value ?? []; } = [];
}
