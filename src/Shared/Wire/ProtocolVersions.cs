// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Wire;

/// <summary>
/// Which versions of the sessions' protocol this program speaks. A member one version older or newer than its peer works with it: both use
/// the newest that both speak. Version 2 added the confirmed incarnation and what a node holds, for restores.
/// </summary>
public static class ProtocolVersions
{
    /// <summary>The oldest that is spoken.</summary>
    public const int Oldest = 1;

    /// <summary>The newest that is spoken.</summary>
    public const int Newest = 2;

    /// <summary>The version that both speak, or which of the two is to be upgraded.</summary>
    /// <param name="min">The agent's oldest.</param>
    /// <param name="max">The agent's newest.</param>
    /// <param name="problem">For the agent's log and the operator; null when there is a common version.</param>
    /// <returns>The version; 0: there is none.</returns>
    public static int Choose(int min, int max, out string? problem)
    {
        problem = max < min ? $"the agent says that it speaks protocol {min} to {max}, which is no range"
            : max < Oldest ? $"the agent speaks protocol {min} to {max}, this manager {Oldest} to {Newest}: upgrade the agent"
            : min > Newest ? $"the agent speaks protocol {min} to {max}, this manager {Oldest} to {Newest}: upgrade the managers"
            : null;
        return problem is null ? Math.Min(max, Newest) : 0;
    }
}
