// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using ClusterManager.Consul;
using ClusterManager.Consul.Provisioning;

namespace ClusterManager.Shared.Tests.Consul;

/// <summary>A real Consul agent on loopback, with ports and a directory of its own; killed and removed when disposed.</summary>
public sealed class ConsulProcess : IAsyncDisposable
{
    private const int LogLinesMax = 200;
    private readonly ConcurrentQueue<string> _log = new();
    private Process? _process;

    private ConsulProcess(ConsulAgentOptions options) => Options = options;

    public ConsulAgentOptions Options { get; private set; }

    public Uri HttpAddress => new($"http://127.0.0.1:{Options.Ports.Http}");

    public string SerfAddress => $"127.0.0.1:{Options.Ports.SerfLan}";

    /// <summary>The agent's last lines, for a failing test's message.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>Starts an agent: free ports and a new directory are filled in, everything else is the caller's.</summary>
    public static ConsulProcess Start(string name, Func<ConsulAgentOptions, ConsulAgentOptions> configure)
    {
        var directory = Directory.CreateTempSubdirectory($"cm-consul-{name}-").FullName;
        var ports = FreePorts.Take(4);
        var options = configure(new ConsulAgentOptions
        {
            NodeName = name,
            DataDirectory = Path.Combine(directory, "data"),
            BindAddress = "127.0.0.1",
            Ports = new ConsulPorts { Dns = ports[0], Http = ports[1], Server = ports[2], SerfLan = ports[3] },
            LogLevel = "warn",
        });
        var process = new ConsulProcess(options);
        process.Restart();
        return process;
    }

    /// <summary>A single server that elects itself.</summary>
    public static ConsulProcess StartServer(string name, Func<ConsulAgentOptions, ConsulAgentOptions>? configure = null) =>
        Start(name, options =>
        {
            options = options with { IsServer = true, BootstrapExpect = 1 };
            return configure is null ? options : configure(options);
        });

    /// <summary>Starts the agent again with the same directory and ports.</summary>
    public void Restart()
    {
        var directory = Path.GetDirectoryName(Options.DataDirectory)!;
        var binary = ConsulBinary.Find();
        var file = Path.Combine(directory, "agent.json");
        File.WriteAllText(file, ConsulConfiguration.ToJson(Options, ConsulBinary.Version(binary)));
        var start = new ProcessStartInfo(binary, ["agent", "-config-file", file])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException("Consul did not start");
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
    }

    /// <summary>Stops the agent and starts it with other options on the same directory.</summary>
    public void Reconfigure(Func<ConsulAgentOptions, ConsulAgentOptions> change)
    {
        Kill();
        Options = change(Options);
        Restart();
    }

    public ConsulClient CreateClient(string? token = null, TimeSpan? timeout = null) => new(new ConsulClientOptions
    {
        Address = HttpAddress,
        Token = () => token,
        Timeout = timeout ?? TimeSpan.FromSeconds(5),
    });

    public async Task WaitReadyAsync(ReadinessRequest? request = null, string? token = null)
    {
        using var client = CreateClient(token);
        var result = await ConsulReadiness.WaitAsync(client, request ?? new ReadinessRequest(), CancellationToken.None);
        Assert.True(result.IsReady, $"{Options.NodeName}: {result.Reason}\n{Log}");
    }

    /// <summary>As a power cut would: no good-bye.</summary>
    public void Kill()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _process = null;
    }

    /// <summary>Stops the process without ending it (SIGSTOP): sockets stay open and nothing answers.</summary>
    public void Freeze()
    {
        Signal(19);
        // The signal is delivered to one thread after another: only when all have stopped nothing answers any more.
        Assert.True(SpinWait.SpinUntil(AllThreadsStopped, TimeSpan.FromSeconds(5)), "the process does not stop");
    }

    /// <summary>Lets a frozen process go on (SIGCONT).</summary>
    public void Thaw() => Signal(18);

    public async ValueTask DisposeAsync()
    {
        Kill();
        await Task.Yield();
        Directory.Delete(Path.GetDirectoryName(Options.DataDirectory)!, recursive: true);
    }

    private bool AllThreadsStopped() => Directory.GetDirectories($"/proc/{_process!.Id}/task").All(thread =>
    {
        var stat = File.ReadAllText(Path.Combine(thread, "stat"));
        return stat[stat.LastIndexOf(')') + 2] is 'T' or 't';
    });

    private void Signal(int signal)
    {
        Assert.NotNull(_process);
        Assert.Equal(0, SendSignal(_process.Id, signal));
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
            return;
        _log.Enqueue(line.Data);
        while (_log.Count > LogLinesMax)
            _log.TryDequeue(out _);
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int pid, int signal);
}
