// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Tracking;

/// <summary>A move that following an image asks for.</summary>
/// <param name="Service">The service.</param>
/// <param name="Revision">The revision that this was decided from.</param>
/// <param name="Before">Its image.</param>
/// <param name="Image">The image to run: the same, or one with a higher version.</param>
/// <param name="Digest">What it means now.</param>
internal sealed record TrackedImage(ServiceName Service, int Revision, string Before, string Image, string Digest);
