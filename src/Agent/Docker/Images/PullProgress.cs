// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>One step of a pull.</summary>
/// <param name="Layer">The layer's short id, or null when the step is about the whole image.</param>
/// <param name="Status">The engine's word for the step, such as <c>Downloading</c> or <c>Pull complete</c>.</param>
/// <param name="CurrentBytes">What is done of this step; 0 when it has no size.</param>
/// <param name="TotalBytes">The step's size; 0 when unknown.</param>
public sealed record PullProgress(string? Layer, string Status, long CurrentBytes, long TotalBytes);
