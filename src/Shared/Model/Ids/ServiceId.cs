// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Model;

/// <summary>Names one service for its whole life: a counter in the cluster's state, never reused.</summary>
/// <param name="Value">The counter, from 1.</param>
public readonly record struct ServiceId(long Value) : IComparable<ServiceId>
{
    /// <inheritdoc/>
    public int CompareTo(ServiceId other) => Value.CompareTo(other.Value);

    /// <summary>The counter in decimal.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
