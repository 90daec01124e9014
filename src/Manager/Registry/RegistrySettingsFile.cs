// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ClusterManager.Registry;

namespace ClusterManager.Manager.Registry;

/// <summary>Reads the settings and what they name into options of the client.</summary>
internal static class RegistrySettingsFile
{
    /// <summary>Less than the 15 s that a call of the API may take, so that the operator is told who did not answer.</summary>
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(12);

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(6);

    /// <summary>The options; a file that is not there means that nothing is special.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The client's clock.</param>
    /// <exception cref="InvalidDataException">Something is wrong with it: all of it is said.</exception>
    public static RegistryClientOptions Load(string path, TimeProvider time)
    {
        var settings = File.Exists(path) ? Read(path) : new RegistrySettings();
        var problems = RegistrySettingsCheck.Errors(settings).Select(error => error.ToString()).ToList();
        var hosts = new Dictionary<string, RegistryHostOptions>(StringComparer.Ordinal);
        foreach (var (name, entry) in settings.Entries)
        {
            if (entry is null) continue;
            hosts[name] = new RegistryHostOptions
            {
                Address = entry.Address, PlainHttp = entry.PlainHttp ?? false, Mirrors = [.. (entry.Mirrors ?? []).OfType<string>()],
                ExtraRoots = entry.CaFile is { } file ? Roots(name, file, problems) : null,
            };
        }

        if (problems.Count > 0) throw new InvalidDataException($"{path}: {string.Join("; ", problems)}");
        return new RegistryClientOptions
        {
            DefaultRegistry = settings.DefaultRegistry, DefaultNamespace = settings.DefaultNamespace ?? "library", Hosts = hosts,
            Credentials = new FileCredentials(settings.Entries), RequestTimeout = RequestTimeout, CallTimeout = CallTimeout,
            Time = time,
        };
    }

    private static RegistrySettings Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), RegistrySettingsJson.Default.RegistrySettings)
                ?? throw new InvalidDataException($"{path}: an object is expected");
        }
        catch (JsonException error)
        {
            var line = error.LineNumber is { } number ? $":{number + 1}" : "";
            throw new InvalidDataException($"{path}{line}: {error.Path ?? "$"} is not understood: a word that is not known, or no JSON");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{path} cannot be read: {error.Message}");
        }
    }

    private static X509Certificate2Collection Roots(string registry, string file, List<string> problems)
    {
        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPemFile(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            problems.Add($"registries.{registry}.caFile '{file}' cannot be read");
            return roots;
        }

        if (roots.Count == 0) problems.Add($"registries.{registry}.caFile '{file}' holds no certificate");
        return roots;
    }
}
