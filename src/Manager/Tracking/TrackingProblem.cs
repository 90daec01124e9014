// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Tracking;

/// <summary>Why what is followed cannot be looked up now.</summary>
/// <param name="Subject">The registry, or the image that it does not have.</param>
/// <param name="Text">One line for people.</param>
/// <param name="Since">Since when.</param>
internal sealed record TrackingProblem(string Subject, string Text, DateTimeOffset Since);
