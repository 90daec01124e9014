// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Tracking;
using ClusterManager.Registry;

namespace ClusterManager.Manager.Tests.Tracking;

/// <summary>A registry of a few tags that counts what it is asked and can be away.</summary>
internal sealed class FakeTags : ITagReader
{
    /// <summary>Digests by image with its tag.</summary>
    public SortedDictionary<string, string> Digests { get; } = new(StringComparer.Ordinal);

    /// <summary>Every question, in order: <c>HEAD image</c> or <c>LIST image</c>.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>What every question meets; null: an answer.</summary>
    public RegistryException? Failure { get; set; }

    public Task<string> DigestAsync(string image, CancellationToken cancellationToken)
    {
        Asked.Add($"HEAD {image}");
        if (Failure is not null) throw Failure;
        return Task.FromResult(Digests.GetValueOrDefault(image)
            ?? throw new RegistryException(RegistryErrorKind.NotFound, "registry.test:5000", $"no {image}", 404));
    }

    public Task<IReadOnlyList<string>> TagsAsync(string image, CancellationToken cancellationToken)
    {
        Asked.Add($"LIST {image}");
        if (Failure is not null) throw Failure;
        return Task.FromResult<IReadOnlyList<string>>(
            [.. Digests.Keys.Where(key => key.StartsWith(image + ":", StringComparison.Ordinal)).Select(key => key[(image.Length + 1)..])]);
    }

    /// <summary>The registry does not answer, or wants to be left alone.</summary>
    public static RegistryException Away(TimeSpan? retryAfter = null) => new(
        retryAfter is null ? RegistryErrorKind.Unavailable : RegistryErrorKind.Throttled, "registry.test:5000", "no answer", null,
        retryAfter);
}
