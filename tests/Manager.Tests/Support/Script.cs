// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace ClusterManager.Manager.Tests.Support;

/// <summary>Runs a few lines of Python: an implementation that is not ours has the last word.</summary>
internal static class Script
{
    /// <summary>Gives it the input, and returns what it prints, by lines. It must succeed.</summary>
    public static async Task<string[]> RunAsync(string script, string input)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", ["-c", script])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("python3 does not start");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
