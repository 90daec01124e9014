// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;

namespace ClusterManager.Agent.Tests.Docker;

/// <summary>A real engine of its own: network namespace, data, socket, bridge range, cgroup.</summary>
internal sealed class RealEngine : IAsyncDisposable
{
    /// <summary>The image that every engine has.</summary>
    public const string Image = "box:1";

    private const string NoSettings = "{}";
    private const string LiveRestore = """{"live-restore": true}""";
    private static readonly TimeSpan ScriptLimit = TimeSpan.FromMinutes(5);

    private readonly string _directory;
    private readonly string _namespace;
    private readonly string _binaries;
    private readonly string _subnet;

    private RealEngine(string name, string binaries, int subnet)
    {
        Name = name;
        _namespace = $"cmdk-{Environment.ProcessId}-{name}";
        _directory = $"/tmp/cm-docker-{Environment.ProcessId}-{name}";
        _binaries = binaries;
        _subnet = $"172.31.{subnet}";
        Client = NewClient(new DockerClientOptions());
    }

    public string Name { get; }

    public string Subnet => _subnet;

    public string Socket => $"{_directory}/docker.sock";

    private string ConfigurationFile => $"{_directory}/daemon.json";

    public string NamespacePath => $"/run/netns/{_namespace}";

    public DockerClient Client { get; }

    /// <summary>Debian's Engine 20.10.</summary>
    public static async Task<RealEngine> StartOldAsync()
    {
        await ScriptAsync("install_engine");
        return await StartAsync(new RealEngine("old", "", 241));
    }

    /// <summary>The newest engine to be had.</summary>
    public static async Task<RealEngine> StartNewestAsync() =>
        await StartAsync(new RealEngine("newest", await ScriptAsync("install_engine_new"), 242));

    /// <summary>A client with other options than the usual ones.</summary>
    public DockerClient NewClient(DockerClientOptions options) => new(options with { SocketPath = Socket }, TimeProvider.System);

    public Task<string> StopAsync() => ScriptAsync($"stop_engine {_directory}");

    public Task<string> StartAgainAsync() => ScriptAsync(
        $"start_engine {_directory} '{_binaries}' --config-file {ConfigurationFile} --bip {_subnet}.1/24 --cgroup-parent /{_namespace}",
        $"nsenter --net={NamespacePath} ");

    /// <summary>Whether containers are to live on when the daemon ends; holds for the daemon that runs and for later ones.</summary>
    public async Task SetLiveRestoreAsync(bool isOn)
    {
        await File.WriteAllTextAsync(ConfigurationFile, isOn ? LiveRestore : NoSettings);
        await ScriptAsync($"pkill -HUP -F {_directory}/docker.pid");
    }

    /// <summary>Ends the daemon and nothing else.</summary>
    public Task<string> StopDaemonAsync() =>
        ScriptAsync($"xargs -a {_directory}/docker.pid -I% sh -c 'kill % && timeout 30 tail --pid=% -f /dev/null'");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await ScriptAsync($"stop_engine {_directory}; ip netns del {_namespace}; rm -rf {_directory}");
        await ScriptAsync($"rmdir /sys/fs/cgroup/*/{_namespace} /sys/fs/cgroup/{_namespace} 2>/dev/null; true");
    }

    private static async Task<RealEngine> StartAsync(RealEngine engine)
    {
        try
        {
            await ScriptAsync($"ip netns add {engine._namespace} && ip -n {engine._namespace} link set lo up");
            Directory.CreateDirectory(engine._directory);
            await File.WriteAllTextAsync(engine.ConfigurationFile, NoSettings);
            await engine.StartAgainAsync();
            await ScriptAsync($"make_busybox_image {engine.Socket} {Image}");
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    private static Task<string> ScriptAsync(string command, string within = "") =>
        Shell.RunAsync($"{within}bash -c \". {Repository.Root}/scripts/lib/engine.sh; {command}\"", ScriptLimit);
}
