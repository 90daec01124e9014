// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Tests.Api.Host;

/// <summary>The system's clock as it was some time ago: what is issued by it may have expired by now.</summary>
internal sealed class PastTime(TimeSpan ago) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - ago;
}
