// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace ClusterManager.Hollow.Cluster;

/// <summary>The manager's process, seen from the tester. Ended by the end of its input when it is disposed.</summary>
internal sealed class ManagerProcess : IAsyncDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan MeasureLimit = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private ManagerProcess(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    /// <summary>Where it listens on loopback.</summary>
    public int Port { get; }

    /// <summary>True when it runs.</summary>
    public bool IsRunning => !_process.HasExited;

    /// <summary>Starts a manager on a directory that is prepared for it.</summary>
    public static ManagerProcess Start(string dataDirectory, int port)
    {
        string[] arguments =
        [
            typeof(ManagerProcess).Assembly.Location, ManagerProgram.Verb, dataDirectory, port.ToString(CultureInfo.InvariantCulture),
        ];
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        return new ManagerProcess(Process.Start(start) ?? throw new InvalidOperationException("the manager did not start"), port);
    }

    /// <summary>What it holds after a forced collection.</summary>
    public async Task<Measurement> MeasureAsync(CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync("measure".AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        var line = await _process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(MeasureLimit, cancellationToken)
            ?? throw new InvalidOperationException("the manager has ended");
        return JsonSerializer.Deserialize(line, MeasurementJson.Default.Measurement)!;
    }

    /// <summary>Processor time used so far, without disturbing it.</summary>
    public TimeSpan CpuTime()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(EndLimit);
        }
        catch (TimeoutException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
