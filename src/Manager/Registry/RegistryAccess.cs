// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Credentials;
using ClusterManager.Registry;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Manager.Registry;

/// <summary>
/// The client for registries, made anew when the settings' file changes. A file that is damaged by an edit leaves the former settings in
/// force; without former ones every call is told what is wrong. Thread-safe.
/// </summary>
internal sealed partial class RegistryAccess(string file, TimeProvider time, ILogger<RegistryAccess> log) : IDisposable
{
    /// <summary>Credentials that come before those of the file; null: there are none.</summary>
    public IRegistryCredentials? Credentials { get; init; }

    private readonly Lock _lock = new();
    private (DateTime WrittenAt, long Length)? _seen;
    private RegistryClient? _client;
    private string? _problem;

    /// <summary>The client with the settings as they are now.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, and was never good.</exception>
    public RegistryClient Client()
    {
        lock (_lock)
        {
            var now = Stamp();
            if (_seen != now) ReloadNeedsLock();
            _seen = now;
            return _client ?? throw new InvalidDataException(_problem);
        }
    }

    public void Dispose()
    {
        lock (_lock) _client?.Dispose();
    }

    private void ReloadNeedsLock()
    {
        try
        {
            var options = RegistrySettingsFile.Load(file, time);
            if (Credentials is { } first && options.Credentials is { } others)
                options = options with { Credentials = new BesideCredentials(first, others) };
            // The former client is not disposed: calls may be under way with it, and idle connections close by themselves.
            _client = new RegistryClient(options with { MirrorFailed = error => LogMirrorFailed(error.Message) });
            _problem = null;
            LogLoaded(options.Hosts.Count, options.DefaultRegistry ?? "-");
        }
        catch (InvalidDataException error)
        {
            _problem = error.Message;
            LogRefused(error.Message);
        }
    }

    private (DateTime WrittenAt, long Length) Stamp()
    {
        var info = new FileInfo(file);
        return info.Exists ? (info.LastWriteTimeUtc, info.Length) : (default, -1);
    }

    [LoggerMessage(EventIds.RegistriesLoaded, LogLevel.Information,
        "Settings of registries: {Count} with an entry, default registry {DefaultRegistry}")]
    private partial void LogLoaded(int count, string defaultRegistry);

    [LoggerMessage(EventIds.RegistriesRefused, LogLevel.Warning, "The settings of registries cannot be used: {Problem}")]
    private partial void LogRefused(string problem);

    [LoggerMessage(EventIds.MirrorFailed, LogLevel.Warning, "A mirror did not help, the next place is asked: {Problem}")]
    private partial void LogMirrorFailed(string problem);
}
