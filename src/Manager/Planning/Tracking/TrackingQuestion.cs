// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Planning.Tracking;

/// <summary>What is asked of a registry, once for all services that it concerns.</summary>
/// <param name="Image">The reference with its tag; for a list of tags the repository alone.</param>
/// <param name="IsList">All tags of the repository are wanted, else the digest of the tag.</param>
internal readonly record struct TrackingQuestion(string Image, bool IsList) : IComparable<TrackingQuestion>
{
    /// <inheritdoc/>
    public int CompareTo(TrackingQuestion other)
    {
        var byImage = string.CompareOrdinal(Image, other.Image);
        return byImage != 0 ? byImage : IsList.CompareTo(other.IsList);
    }
}
