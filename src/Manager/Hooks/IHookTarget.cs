// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Hooks;

/// <summary>Where the news of a message goes: to the leader, or to a test.</summary>
internal interface IHookTarget
{
    /// <summary>Has what follows these repositories looked up; how many looks that are.</summary>
    /// <exception cref="global::Grpc.Core.RpcException">Nobody leads, or the leader does not answer.</exception>
    Task<int> LookAsync(IReadOnlyCollection<ImageNotice> news, CancellationToken cancellationToken);
}
