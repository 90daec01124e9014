// SPDX-License-Identifier: Apache-2.0
using System.ComponentModel;
using System.Diagnostics;
using ClusterManager.Hosting.Time;

namespace ClusterManager.Hosting.Processes;

/// <summary>Runs <c>systemctl</c>; what it says on its standard error is passed on to ours.</summary>
/// <param name="program">Its path, or a name found in PATH.</param>
/// <param name="time">The clock for the limits.</param>
internal sealed class Systemctl(string program, TimeProvider time)
{
    private static readonly TimeSpan ShowLimit = TimeSpan.FromSeconds(10);

    /// <summary>True when it ended well before the deadline.</summary>
    internal async Task<bool> DoAsync(IReadOnlyList<string> arguments, Deadline deadline, CancellationToken cancellationToken) =>
        await RunAsync(["--no-ask-password", .. arguments], deadline.Remaining, cancellationToken) is not null;

    /// <summary>Properties of a unit; those that it does not tell are missing.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> ShowAsync(
        string unit, IReadOnlyList<string> properties, CancellationToken cancellationToken)
    {
        var output = await RunAsync(["show", $"--property={string.Join(',', properties)}", unit], ShowLimit, cancellationToken);
        return (output ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2)
            .DistinctBy(pair => pair[0]).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
    }

    private async Task<string?> RunAsync(IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true };
        try
        {
            using var process = Process.Start(start)!;
            using var timeout = new CancellationTokenSource(limit, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            try
            {
                var output = await process.StandardOutput.ReadToEndAsync(both.Token);
                await process.WaitForExitAsync(both.Token);
                return process.ExitCode == 0 ? output : null;
            }
            catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                process.Kill();
                return null;
            }
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
