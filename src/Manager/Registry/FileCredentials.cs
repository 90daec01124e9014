// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Registry;

namespace ClusterManager.Manager.Registry;

/// <summary>Passwords in files, read when a registry asks for one: a changed file is used from then on.</summary>
/// <param name="registries">The settings.</param>
internal sealed class FileCredentials(SortedDictionary<string, RegistryEntry?> registries) : IRegistryCredentials
{
    private const int PasswordBytesMax = 16 * 1024;

    public async ValueTask<RegistryCredential?> FindAsync(string registry, CancellationToken cancellationToken)
    {
        if (!registries.TryGetValue(registry, out var entry) || entry is not { Username: { } user, PasswordFile: { } file }) return null;
        try
        {
            if (new FileInfo(file).Length > PasswordBytesMax) throw new IOException("too large");
            return new RegistryCredential(user, (await File.ReadAllTextAsync(file, cancellationToken)).TrimEnd('\r', '\n'));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RegistryException(RegistryErrorKind.Refused, registry, $"its passwordFile '{file}' cannot be read");
        }
    }
}
