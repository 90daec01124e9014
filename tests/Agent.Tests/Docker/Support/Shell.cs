// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace ClusterManager.Agent.Tests.Docker;

/// <summary>Runs bash for tests of real things.</summary>
internal static class Shell
{
    /// <summary>Runs a script and returns its standard output.</summary>
    /// <exception cref="InvalidOperationException">It failed or took too long; the message holds what it wrote.</exception>
    public static async Task<string> RunAsync(string script, TimeSpan limit)
    {
        var start = new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("bash did not start");
        using var deadline = new CancellationTokenSource(limit, TimeProvider.System);
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var errors = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
            return process.ExitCode == 0
                ? (await output).TrimEnd()
                : throw new InvalidOperationException($"{script}\nended with {process.ExitCode}:\n{await output}\n{await errors}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{script}\ntook longer than {limit.TotalSeconds} s");
        }
    }
}
