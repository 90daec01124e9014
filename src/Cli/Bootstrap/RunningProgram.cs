// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using ClusterManager.Hosting.Processes;

namespace ClusterManager.Cli.Bootstrap;

/// <summary>What a process of this machine really runs, whatever lies in its program's place by now.</summary>
internal static partial class RunningProgram
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>The version of a role's process, asked of the very file that it runs; null when it does not run or does not say.</summary>
    public static async Task<string?> VersionAsync(HostRoleStatus role, CancellationToken cancellationToken)
    {
        if (role.Pid is not { } pid) return null;
        // By its name where it still lies there: of a process that systemd shields from the file system, the link alone cannot be run.
        var file = FileOf(pid);
        return file is not null && File.Exists(file)
            ? await VersionAsync(file, cancellationToken) : await VersionAsync($"/proc/{pid}/exe", cancellationToken);
    }

    /// <summary>What a program answers to <c>--version</c>; null when it cannot be asked.</summary>
    public static async Task<string?> VersionAsync(string program, CancellationToken cancellationToken)
    {
        try
        {
            var start = new ProcessStartInfo(program, ["--version"])
            {
                UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken).WaitAsync(Limit, cancellationToken);
            return Number().Match(output) is { Success: true } match ? match.Value : null;
        }
        catch (Exception error) when (error is Win32Exception or TimeoutException)
        {
            return null;
        }
    }

    /// <summary>True when the process runs the file that lies at <paramref name="program"/> now, not one that lay there.</summary>
    public static bool Runs(int pid, string program)
    {
        var installed = File.Exists(program) ? File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program : null;
        return installed is not null && FileOf(pid) == installed;
    }

    // The kernel adds " (deleted)" to the path of a file that was replaced. Null: there is no such process, or it is not ours to see.
    private static string? FileOf(int pid)
    {
        try
        {
            return new FileInfo($"/proc/{pid}/exe").LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\d+\.\d+\.\d+[-+.0-9A-Za-z]*")]
    private static partial Regex Number();
}
