// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Hosting.Logging;

/// <summary>An id as logs show it: the first 12 characters. Costs nothing when the line is not written.</summary>
/// <param name="id">The whole id; null shows as a dash.</param>
public readonly struct TruncatedId(string? id)
{
    private const int LengthMax = 12;

    /// <summary>The shortened id.</summary>
    public override string ToString() => id is null ? "-" : id.Length <= LengthMax ? id : id[..LengthMax];
}
