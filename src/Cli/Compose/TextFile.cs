// SPDX-License-Identifier: Apache-2.0
using System.Text;
using ClusterManager.Cli.Compose.Yaml;

namespace ClusterManager.Cli.Compose;

/// <summary>Files as texts: UTF-8, no NUL, at most 1 MB.</summary>
internal static class TextFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Decodes a file's bytes.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="problem">What is wrong, else null.</param>
    public static string? Decode(byte[] bytes, out string? problem)
    {
        problem = null;
        if (bytes.Length > YamlLimits.FileBytes)
        {
            problem = $"the file has {bytes.Length} bytes; at most {YamlLimits.FileBytes} are read";
            return null;
        }

        try
        {
            var text = Strict.GetString(bytes);
            if (!text.Contains('\0', StringComparison.Ordinal)) return text.TrimStart('\uFEFF');
            problem = "this is no text file: it contains the character NUL";
        }
        catch (DecoderFallbackException e)
        {
            problem = $"this is no text in UTF-8: the byte {e.Index} fits no character";
        }

        return null;
    }

    /// <summary>Reads a file through the options; null without a problem when there is none.</summary>
    public static string? Read(ComposeOptions options, string path, out string? problem)
    {
        problem = null;
        try
        {
            return options.ReadFile(path) is { } bytes ? Decode(bytes, out problem) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problem = "the file cannot be read";
            return null;
        }
    }
}
