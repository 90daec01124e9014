// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using ClusterManager.Shared.Tests.Grpc.Fixtures;

namespace ClusterManager.Shared.Tests.Grpc.Interop;

/// <summary>A Node process of tests/interop that serves on a loopback port and reports as lines of JSON.</summary>
internal sealed class NodePeer : IAsyncDisposable
{
    private static readonly TimeSpan InstallPatience = TimeSpan.FromMinutes(3);
    private static readonly Lazy<Task<string>> Installed = new(InstallAsync);

    private readonly Process _process;
    private readonly Task _reading;

    private NodePeer(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    /// <summary>The path of the proto file of the tests.</summary>
    public static string EchoProto => Path.Combine(Root, "tests/Shared.Tests/Grpc/Protos/echo.proto");

    /// <summary>What the process reported so far.</summary>
    public ConcurrentQueue<JsonElement> Reports { get; } = new();

    /// <summary>Where the process listens.</summary>
    public Uri Address => new($"http://127.0.0.1:{Reports.First(IsPort).GetProperty("port").GetInt32()}");

    private static string Root { get; } = FindRoot(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>Starts a server script and waits until it listens.</summary>
    public static async Task<NodePeer> StartAsync(params string[] arguments)
    {
        var directory = await Installed.Value;
        var peer = new NodePeer(Start("node", [Path.Combine(directory, arguments[0]), .. arguments[1..]]));
        await Eventually.HoldsAsync(() => peer.Reports.Any(IsPort), "the Node server listens");
        return peer;
    }

    /// <summary>Runs a script to its end and fails the test with its output unless it ends with 0.</summary>
    public static async Task RunAsync(params string[] arguments)
    {
        var directory = await Installed.Value;
        await RunToEndAsync("node", [Path.Combine(directory, arguments[0]), .. arguments[1..]], TimeSpan.FromSeconds(30));
    }

    /// <summary>Waits for a report with this event.</summary>
    public async Task<JsonElement> ReportedAsync(string name)
    {
        bool Matches(JsonElement report) => report.TryGetProperty("event", out var value) && value.GetString() == name;
        await Eventually.HoldsAsync(() => Reports.Any(Matches), $"Node reports '{name}'");
        return Reports.First(Matches);
    }

    public async ValueTask DisposeAsync()
    {
        // The end of its input ends the process.
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Eventually.Patience);
        await _reading;
        _process.Dispose();
    }

    private static bool IsPort(JsonElement report) => report.TryGetProperty("port", out _);

    private static async Task<string> InstallAsync()
    {
        var output = await RunToEndAsync("bash", [Path.Combine(Root, "scripts/lib/interop.sh")], InstallPatience);
        return output.Trim();
    }

    private static async Task<string> RunToEndAsync(string program, string[] arguments, TimeSpan patience)
    {
        using var process = Start(program, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}");
        return await output;
    }

    private static Process Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }

    private static string FindRoot(DirectoryInfo? directory) =>
        directory is null ? throw new InvalidOperationException("The tests do not run inside the repository.")
        : File.Exists(Path.Combine(directory.FullName, "ClusterManager.sln")) ? directory.FullName
        : FindRoot(directory.Parent);

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            Reports.Enqueue(JsonSerializer.Deserialize<JsonElement>(line));
    }
}
