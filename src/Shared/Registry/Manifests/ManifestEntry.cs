// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Registry;

/// <summary>One image of an index.</summary>
/// <param name="Digest">Its manifest's digest.</param>
/// <param name="MediaType">Its manifest's media type; empty when the index does not say it.</param>
/// <param name="SizeBytes">Its manifest's size.</param>
/// <param name="Platform">What it runs on; null when the index does not say it.</param>
public sealed record ManifestEntry(ContentDigest Digest, string MediaType, long SizeBytes, Platform? Platform);
