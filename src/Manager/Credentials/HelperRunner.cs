// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace ClusterManager.Manager.Credentials;

/// <summary>
/// Runs programs of a folder that only the machine's owner fills: <c>manager/credential-helpers/NAME get</c>, with the registry on standard
/// input, as Docker's helpers are run. No shell, no arguments of anybody's, a bare environment, and limits on time and output.
/// </summary>
internal sealed class HelperRunner(string directory, TimeProvider time) : IHelperRunner
{
    /// <summary>The most that a helper may print, in bytes.</summary>
    public const int OutputBytesMax = 64 * 1024;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    /// <summary>Whether the text can be a helper's name: a file's name and no path.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= 64 && text[0] != '.' && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    public async Task<byte[]> AskAsync(string helper, string registry, CancellationToken cancellationToken)
    {
        if (!IsName(helper)) throw new InvalidDataException("its name is not the name of a file");
        using var process = Start(Path.Combine(directory, helper));
        using var limit = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await TalkAsync(process, registry, both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InvalidDataException($"it did not end within {Limit.TotalSeconds:0} s");
        }
        catch (IOException)
        {
            throw new InvalidDataException("it broke off");
        }
        finally
        {
            End(process);
        }
    }

    private static async Task<byte[]> TalkAsync(Process process, string registry, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteAsync(registry.AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // One that does not read what it is for still may answer.
        }

        // What it says on standard error may hold anything: it is read away and not shown.
        var errors = process.StandardError.BaseStream.CopyToAsync(Stream.Null, cancellationToken);
        var buffer = new byte[OutputBytesMax + 1];
        var output = process.StandardOutput.BaseStream;
        var length = await output.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > OutputBytesMax) throw new InvalidDataException($"it printed more than {OutputBytesMax} bytes");
        await process.WaitForExitAsync(cancellationToken);
        await errors;
        return process.ExitCode == 0 ? buffer[..length] : throw new InvalidDataException($"it ended with exit code {process.ExitCode}");
    }

    private static Process Start(string path)
    {
        var start = new ProcessStartInfo(path)
        {
            ArgumentList = { "get" }, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true,
            RedirectStandardError = true, StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        var (search, home) = (start.Environment["PATH"], start.Environment["HOME"]);
        start.Environment.Clear();
        start.Environment["PATH"] = search;
        start.Environment["HOME"] = home;
        try
        {
            return Process.Start(start) ?? throw new InvalidDataException("it cannot be started");
        }
        catch (Win32Exception)
        {
            throw new InvalidDataException("there is no such program among the manager's credential-helpers, or it may not be run");
        }
    }

    private static void End(Process process)
    {
        try
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended meanwhile.
        }
    }
}
