// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using ClusterManager.Cli.Output;
using ClusterManager.Registry;

namespace ClusterManager.Cli.Releases;

/// <summary>Reads and writes releases as files.</summary>
internal static class ReleaseFile
{
    private const int BytesMax = 1 << 20;

    /// <summary>As it is written.</summary>
    public static string Write(Release release) => JsonSerializer.Serialize(release, ReleaseJson.Default.Release);

    /// <summary>Reads a file.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="name">As the user wrote it.</param>
    /// <exception cref="CliException">It cannot be read, or is no release.</exception>
    public static Release Read(string path, string name)
    {
        try
        {
            if (new FileInfo(path).Length > BytesMax) throw Wrong(name, $"it has more than {BytesMax} bytes");
            var release = JsonSerializer.Deserialize(File.ReadAllBytes(path), ReleaseJson.Default.Release)
                ?? throw Wrong(name, "it is empty");
            if (release.Format != Release.CurrentFormat)
                throw Wrong(name, $"it has format {release.Format}, this program reads {Release.CurrentFormat}");
            foreach (var (service, image) in release.Services)
                if (image is null || !ContentDigest.TryParse(image.Digest, out _) || !ImageName.TryParse(image.Image, out _))
                    throw Wrong(name, $"service {service} has no image with a digest");
            return release;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Wrong(name, "it cannot be read");
        }
        catch (JsonException error)
        {
            throw Wrong(name, $"{error.Path ?? "$"} is not understood");
        }
    }

    private static CliException Wrong(string name, string why) =>
        new(ExitCode.BadInput, $"{name} is no release file: {why}", "cluster stack release STACK > FILE");
}
