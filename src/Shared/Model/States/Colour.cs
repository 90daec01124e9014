// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>What leads callers to a replica while a service has two colours. A change of it touches no container.</summary>
public enum Colour
{
    /// <summary>The service's own name, as where there is one colour only.</summary>
    Told = 0,

    /// <summary>A name of its own, <see cref="ServiceName.GreenName"/>: it waits for the switch.</summary>
    Green = 1,

    /// <summary>Nothing: it was switched away from, and runs on for a while.</summary>
    Kept = 2,
}
