// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Processes;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterManager.Shared.Tests.Hosting.Processes;

/// <summary>A data directory, a supervisor in this process, and the command line's view of it. Leaves no process behind.</summary>
internal sealed class SupervisorFixture : IAsyncDisposable
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly TestDirectory _directory = new();
    private readonly CancellationTokenSource _stop = new();
    private Task<bool>? _running;

    internal SupervisorFixture()
    {
        Paths.CreateDirectories();
        Control = new HostControl(Paths, TimeProvider.System);
    }

    internal ClusterPaths Paths => _directory.Paths;

    internal HostControl Control { get; }

    internal static HostRole Shell(string name, string script) => new() { Name = name, Command = ["/bin/sh", "-c", script] };

    internal static HostRole Sleeper(string name) => new() { Name = name, Command = ["sleep", "1000"] };

    internal string File(string name) => _directory.File(name);

    internal string RunFile(string name) => Path.Combine(Paths.RunDirectory, name);

    internal string[] Lines(string name) => System.IO.File.Exists(File(name)) ? System.IO.File.ReadAllLines(File(name)) : [];

    internal Task WriteAsync(params ImmutableArray<HostRole> roles) =>
        new HostFile { Roles = roles }.WriteAsync(Paths, CancellationToken.None);

    internal void Supervise() => _running ??= NewSupervisor().RunAsync(_stop.Token);

    internal HostSupervisor NewSupervisor() =>
        new(Paths, SupervisorProgram.FastOptions, TimeProvider.System, NullLogger<HostSupervisor>.Instance);

    /// <summary>Waits until the role has a live process other than <paramref name="previous"/>.</summary>
    internal async Task<int> PidAsync(string role, int? previous = null)
    {
        await Until.TrueAsync(() => Control.Pid(role) is { } pid && pid != previous, $"{role} runs");
        return Control.Pid(role)!.Value;
    }

    internal async Task<bool> EndAsync()
    {
        await _stop.CancelAsync();
        return _running is null || await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await Control.StopSupervisorAsync(Limit, CancellationToken.None);
        // What a failed test left: only processes that this directory's own files name.
        foreach (var file in Directory.GetFiles(Paths.RunDirectory, "*.proc"))
            ProcessIdentity.FromFile(file)?.SignalGroup(NativeMethods.SignalKill);
        _stop.Dispose();
        _directory.Dispose();
    }
}
