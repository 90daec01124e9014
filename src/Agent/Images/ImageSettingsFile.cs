// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace ClusterManager.Agent.Images;

/// <summary>
/// Reads the settings anew whenever the file has changed. A file that is damaged by an edit leaves the former settings in force. For one
/// reader.
/// </summary>
/// <param name="path">The file; one that is not there means the defaults.</param>
internal sealed class ImageSettingsFile(string path)
{
    private (DateTime WrittenAt, long Length)? _seen;
    private ImageSettings _settings = new();

    /// <summary>The settings as they are now, and what is wrong with the file when that is news.</summary>
    public (ImageSettings Settings, string? Problem) Read()
    {
        var info = new FileInfo(path);
        (DateTime, long) now = info.Exists ? (info.LastWriteTimeUtc, info.Length) : (default, -1);
        if (_seen == now) return (_settings, null);
        _seen = now;
        var (settings, problem) = info.Exists ? Load() : (new ImageSettings(), null);
        _settings = settings ?? _settings;
        return (_settings, problem);
    }

    private (ImageSettings? Settings, string? Problem) Load()
    {
        try
        {
            var text = JsonSerializer.Deserialize(File.ReadAllBytes(path), ImageSettingsJson.Default.ImageSettingsText);
            var (settings, errors) = (text ?? new ImageSettingsText()).Read();
            return (settings, settings is null ? string.Join("; ", errors) : null);
        }
        catch (JsonException error)
        {
            var line = error.LineNumber is { } number ? $" in line {number + 1}" : "";
            return (null, $"{error.Path ?? "$"}{line} is not understood: a word that is not known, or no JSON");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, error.Message);
        }
    }
}
