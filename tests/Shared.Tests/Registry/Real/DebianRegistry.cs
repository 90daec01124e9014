// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using ClusterManager.Registry;
using ClusterManager.Shared.Tests.Consul;

namespace ClusterManager.Shared.Tests.Registry.Real;

/// <summary>Debian's docker-registry on loopback, with a port and a directory of its own; killed and removed when disposed.</summary>
internal sealed class DebianRegistry : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("cm-registry-");
    private readonly ConcurrentQueue<string> _log = new();
    private readonly string _section;
    private readonly bool _hasTls;
    private Process? _process;

    private DebianRegistry(string section, bool hasTls)
    {
        _section = section;
        _hasTls = hasTls;
        Port = FreePorts.Take(1)[0];
    }

    public int Port { get; }

    /// <summary>As images name it.</summary>
    public string Name => $"{(_hasTls ? "localhost" : "127.0.0.1")}:{Port}";

    public Uri Address => new($"{(_hasTls ? "https" : "http")}://{Name}/");

    /// <summary>The registry as a client is told of it: plain where it has no TLS.</summary>
    public RegistryHostOptions Options => new() { PlainHttp = !_hasTls };

    /// <summary>Starts one that everybody may write to.</summary>
    public static Task<DebianRegistry> StartAsync() => StartAsync("");

    /// <summary>Starts one with a section of its own in its configuration, such as a token service that it believes.</summary>
    public static async Task<DebianRegistry> StartAsync(string section)
    {
        var registry = new DebianRegistry(section, hasTls: false);
        await registry.StartProcessAsync();
        return registry;
    }

    /// <summary>Starts one with a password: that of <see cref="TestUser"/>.</summary>
    public static async Task<DebianRegistry> StartWithPasswordAsync()
    {
        var registry = new DebianRegistry("auth: {htpasswd: {realm: test, path: DIR/htpasswd}}", hasTls: false);
        File.WriteAllText(Path.Combine(registry._directory.FullName, "htpasswd"), TestUser.HtpasswdLine);
        await registry.StartProcessAsync();
        return registry;
    }

    /// <summary>Starts one with TLS.</summary>
    public static async Task<DebianRegistry> StartWithTlsAsync(TestCertificates certificates)
    {
        var (certificate, key) = certificates.CreateServer("localhost");
        var registry = new DebianRegistry($"TLS {{certificate: {certificate}, key: {key}}}", hasTls: true);
        await registry.StartProcessAsync();
        return registry;
    }

    /// <summary>Starts the process, again after <see cref="Kill"/>.</summary>
    public async Task StartProcessAsync()
    {
        var config = Path.Combine(_directory.FullName, "config.yml");
        var isTls = _section.StartsWith("TLS ", StringComparison.Ordinal);
        await File.WriteAllTextAsync(config, $"""
            version: 0.1
            log: {"{level: warn}"}
            storage: {"{"}filesystem: {"{"}rootdirectory: {_directory.FullName}/content{"}}"}
            http: {"{"}addr: "127.0.0.1:{Port}"{(isTls ? ", tls: " + _section[4..] : "")}{"}"}
            {(isTls ? "" : _section.Replace("DIR", _directory.FullName, StringComparison.Ordinal))}

            """);
        var start = new ProcessStartInfo("docker-registry", ["serve", config])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException("docker-registry did not start");
        _process.OutputDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var http = RegistryPush.CreateHttp();
        await Until.TrueAsync("the registry's first answer", TimeSpan.FromSeconds(30), async () =>
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(Address, "v2/"));
                return answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Unauthorized;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, () => string.Join('\n', _log));
    }

    /// <summary>As a power cut would: no good-bye.</summary>
    public void Kill()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _process = null;
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        _directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
