// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Compose;
using ClusterManager.Cli.Compose.Yaml;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Shell;

namespace ClusterManager.Cli.Commands;

/// <summary>Compose files from the disk or standard input.</summary>
internal static class ComposeSource
{
    /// <summary>Reads a file strictly.</summary>
    /// <exception cref="CliException">It cannot be read at all.</exception>
    public static ComposeResult Read(CliSession session, string file, string? stack, IReadOnlyCollection<string> allowIgnored)
    {
        var path = file == "-" ? null : Path.GetFullPath(file, session.Environment.Directory);
        var bytes = path is null ? StandardInput() : FileBytes(file, path);
        return ComposeReader.Read(bytes, new ComposeOptions
        {
            FileName = file == "-" ? "stdin" : file,
            Folder = path is null ? session.Environment.Directory : Path.GetDirectoryName(path)!,
            Stack = stack,
            Environment = session.Environment.Variables,
            AllowIgnored = allowIgnored,
            ReadFile = other => File.Exists(other) ? Limited(() => File.OpenRead(other)) : null,
        });
    }

    /// <summary>Reads a file strictly, tells its warnings, and refuses it with all its errors.</summary>
    /// <exception cref="CliException">It cannot be read, or is not understood.</exception>
    public static ComposeResult Understood(
        CliSession session, string file, string? stack, IReadOnlyCollection<string> allowIgnored, string consequence)
    {
        var result = Read(session, file, stack, allowIgnored);
        foreach (var warning in result.Warnings) session.Note($"warning: {warning}");
        if (result.IsUnderstood) return result;
        var count = $"{result.Errors.Length} {(result.Errors.Length == 1 ? "error" : "errors")}";
        throw new CliException(ExitCode.BadInput, $"{count} in the compose file: {consequence}")
        {
            Details = [.. result.Errors.Select(e => e.ToString())],
        };
    }

    /// <summary>What a word names: a service's name has no dot, and a file of services has.</summary>
    public static bool IsFile(string word) => word == "-" || word.Contains('.', StringComparison.Ordinal);

    private static byte[] FileBytes(string file, string path)
    {
        try
        {
            return Limited(() => File.OpenRead(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.BadInput, e is FileNotFoundException or DirectoryNotFoundException ? $"there is no file {file}"
                : $"{file} cannot be read");
        }
    }

    private static byte[] StandardInput() => Limited(Console.OpenStandardInput);

    // One byte more than allowed is enough to know that it is too much.
    private static byte[] Limited(Func<Stream> open)
    {
        using var stream = open();
        var buffer = new byte[YamlLimits.FileBytes + 1];
        var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return buffer[..length];
    }
}
