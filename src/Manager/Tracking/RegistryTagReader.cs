// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Registry;
using ClusterManager.Registry;

namespace ClusterManager.Manager.Tracking;

/// <summary>Reads tags by the manager's registry client. Settings that cannot be used are a registry that cannot be asked.</summary>
internal sealed class RegistryTagReader(RegistryAccess registries) : ITagReader
{
    private const int TagCountMax = 10_000;

    public async Task<string> DigestAsync(string image, CancellationToken cancellationToken) =>
        (await Client().ManifestAsync(NameOf(image), ManifestRead.Head, cancellationToken)).Digest.ToString();

    public async Task<IReadOnlyList<string>> TagsAsync(string image, CancellationToken cancellationToken) =>
        (await Client().TagsAsync(NameOf(image), TagCountMax, cancellationToken)).Tags;

    private static ImageName NameOf(string image) => ImageName.TryParse(image, out var name) ? name
        : throw new RegistryException(RegistryErrorKind.NotFound, "", $"'{image}' is no image that a registry could hold");

    private RegistryClient Client()
    {
        try
        {
            return registries.Client();
        }
        catch (InvalidDataException error)
        {
            throw new RegistryException(RegistryErrorKind.NoRegistry, "", error.Message);
        }
    }
}
