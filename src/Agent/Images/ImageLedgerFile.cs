// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ClusterManager.Hosting.Files;

namespace ClusterManager.Agent.Images;

/// <summary>One image on disk.</summary>
/// <param name="Image">As it was pulled.</param>
/// <param name="IsOurs">See <see cref="ImageEntry"/>.</param>
/// <param name="UsedAt">See <see cref="ImageEntry"/>.</param>
internal sealed record StoredImage(string Image, bool IsOurs, DateTimeOffset UsedAt);

/// <summary>The file of all images.</summary>
/// <param name="Images">By name.</param>
internal sealed record StoredImages(ImmutableArray<StoredImage> Images);

/// <summary>
/// The ledger on disk (<c>agent/pulled-images.json</c>). Lost, it costs room: what it named stays on the node as somebody else's.
/// </summary>
/// <param name="paths">Where.</param>
/// <param name="files">The disk; null: this machine's.</param>
internal sealed class ImageLedgerFile(ClusterPaths paths, AtomicFiles? files = null)
{
    private readonly SealedJsonFile<StoredImages> _file = new(
        Path.Combine(paths.AgentDirectory, "pulled-images.json"), ImageLedgerJson.Default.StoredImages, FileModes.Private, files);

    private ImmutableSortedDictionary<string, ImageEntry> _written = ImageLedger.None;

    /// <summary>Fills the ledger; a file that is missing or damaged leaves it as it is.</summary>
    /// <returns>What is wrong with the file; null: nothing.</returns>
    public async Task<string?> LoadAsync(ImageLedger ledger, CancellationToken cancellationToken)
    {
        var read = await _file.ReadAsync(cancellationToken);
        if (read.Value is { Images.IsDefault: false } stored)
            ledger.Load(stored.Images.Select(one => KeyValuePair.Create(one.Image, new ImageEntry(one.IsOurs, one.UsedAt))));
        _written = ledger.Entries;
        return read.Problem;
    }

    /// <summary>Writes the ledger if it has changed.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public async Task WriteAsync(ImageLedger ledger, CancellationToken cancellationToken)
    {
        var wanted = ledger.Entries;
        if (ReferenceEquals(wanted, _written)) return;
        var images = wanted.Select(pair => new StoredImage(pair.Key, pair.Value.IsOurs, pair.Value.UsedAt)).ToImmutableArray();
        await _file.WriteAsync(new StoredImages(images), cancellationToken);
        _written = wanted;
    }
}

/// <summary>Source-generated JSON of the ledger.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StoredImages))]
internal sealed partial class ImageLedgerJson : JsonSerializerContext;
