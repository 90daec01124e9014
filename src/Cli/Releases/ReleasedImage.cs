// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Cli.Releases;

/// <summary>What a service runs in the cluster that its images are taken from.</summary>
/// <param name="Image">The reference as it was written there.</param>
/// <param name="Digest">What it meant there: <c>sha256:…</c>.</param>
internal sealed record ReleasedImage(string Image, string Digest);
