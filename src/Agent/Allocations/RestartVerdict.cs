// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Allocations;

/// <summary>Whether and when another attempt follows.</summary>
internal abstract record RestartVerdict
{
    private RestartVerdict()
    {
    }

    /// <summary>At once.</summary>
    public sealed record Now : RestartVerdict;

    /// <summary>Not before this moment of the agent's monotonic clock.</summary>
    /// <param name="Moment">When.</param>
    public sealed record At(TimeSpan Moment) : RestartVerdict;

    /// <summary>None: the allocation has ended.</summary>
    public sealed record Never : RestartVerdict;
}
