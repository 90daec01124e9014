// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ClusterManager.Shared.Tests.Grpc.Fixtures;

namespace ClusterManager.Shared.Tests.Grpc.Interop;

/// <summary>
/// A process of tests/interop, on Node or Python: a server on a loopback port, or a client that runs the cases it is told. It reports as
/// lines of JSON and ends with its standard input.
/// </summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan InstallPatience = TimeSpan.FromMinutes(3);
    private static readonly Lazy<Task<string>> Installed = new(InstallAsync);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly Task _reading;

    private PeerProcess(Process process)
    {
        _process = process;
        // Python may warn; it is read so that it cannot block, and shown when the peer fails.
        _process.ErrorDataReceived += (_, line) => _errors.AppendLine(line.Data);
        _process.BeginErrorReadLine();
        _reading = ReadAsync();
    }

    /// <summary>The path of the proto file of the tests.</summary>
    public static string EchoProto => Path.Combine(Root, "tests/Shared.Tests/Grpc/Protos/echo.proto");

    /// <summary>The path of the proto file of the official cases.</summary>
    public static string TestingProto => Path.Combine(Root, "tests/Shared.Tests/Grpc/Protos/testing.proto");

    /// <summary>What the process reported so far.</summary>
    public ConcurrentQueue<JsonElement> Reports { get; } = new();

    /// <summary>Where the process listens, without TLS.</summary>
    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>The port on which the process listens.</summary>
    public int Port => Reports.First(IsPort).GetProperty("port").GetInt32();

    private static string Root { get; } = FindRoot(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>Starts a server script of Node and waits until it listens.</summary>
    public static async Task<PeerProcess> StartAsync(params string[] arguments)
    {
        var peer = await LaunchAsync(InteropPeer.GrpcJs, arguments);
        await Eventually.HoldsAsync(() => peer.Reports.Any(IsPort), "the Node server listens", () => peer._errors.ToString());
        return peer;
    }

    /// <summary>Starts the server of the official cases and waits until it listens.</summary>
    public static async Task<PeerProcess> StartServerAsync(InteropPeer kind, params string[] flags)
    {
        string[] arguments = kind == InteropPeer.GrpcJs ? ["server.js", TestingProto, "testing"] : ["python/server.py", TestingProto];
        var peer = await LaunchAsync(kind, [.. arguments, .. flags]);
        await Eventually.HoldsAsync(() => peer.Reports.Any(IsPort), $"the server of {kind} listens", () => peer._errors.ToString());
        return peer;
    }

    /// <summary>Starts a client of Node that is to run cases of a service.</summary>
    public static Task<PeerProcess> StartClientAsync(string proto, string service, string address, params string[] flags) =>
        ReadyAsync(InteropPeer.GrpcJs, ["client.js", proto, service, address, .. flags]);

    /// <summary>Starts a client that is to run the official cases.</summary>
    public static Task<PeerProcess> StartClientAsync(InteropPeer kind, string address, params string[] flags) =>
        kind == InteropPeer.GrpcJs
            ? StartClientAsync(TestingProto, "testing", address, flags)
            : ReadyAsync(kind, ["python/client.py", TestingProto, address, .. flags]);

    /// <summary>Has the client run a case; fails the test with what the client says unless it holds.</summary>
    public async Task RunCaseAsync(string name)
    {
        bool IsAnswer(JsonElement report) => report.TryGetProperty("case", out var value) && value.GetString() == name;
        await _process.StandardInput.WriteLineAsync(name);
        await _process.StandardInput.FlushAsync();
        await Eventually.HoldsAsync(() => Reports.Any(IsAnswer), $"the client ran '{name}'", () => _errors.ToString());
        var answer = Reports.Last(IsAnswer);
        Assert.False(answer.TryGetProperty("error", out var error), $"{name}: {error}");
    }

    /// <summary>Waits for a report with this event.</summary>
    public async Task<JsonElement> ReportedAsync(string name)
    {
        bool Matches(JsonElement report) => report.TryGetProperty("event", out var value) && value.GetString() == name;
        await Eventually.HoldsAsync(() => Reports.Any(Matches), $"the peer reports '{name}'");
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

    private static async Task<PeerProcess> ReadyAsync(InteropPeer kind, string[] arguments)
    {
        var peer = await LaunchAsync(kind, arguments);
        await peer.ReportedAsync("ready");
        return peer;
    }

    private static async Task<PeerProcess> LaunchAsync(InteropPeer kind, string[] arguments)
    {
        var directory = await Installed.Value;
        // Debian's Python, which has Debian's grpcio; another one may stand before it on PATH.
        var program = kind == InteropPeer.GrpcJs ? "node" : "/usr/bin/python3";
        return new PeerProcess(Start(program, [Path.Combine(directory, arguments[0]), .. arguments[1..]]));
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
