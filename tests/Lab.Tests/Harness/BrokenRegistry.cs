// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Lab.Tests.Harness;

/// <summary>
/// On the loopback of each host, a registry whose content is not there: it answers everything that is asked of an image with 500.
/// </summary>
public sealed class BrokenRegistry : IAsyncDisposable
{
    // Engines accept plain HTTP from their own loopback only.
    private const string Address = "127.0.0.1:5998";
    private readonly List<RunningCommand> _registries = [];

    /// <summary>An image in it.</summary>
    public static string Image => $"{Address}/web:1";

    /// <summary>Starts it on all hosts of the lab, and waits until it answers so.</summary>
    public static async Task<BrokenRegistry> StartAsync(Lab lab)
    {
        var registry = new BrokenRegistry();
        foreach (var host in lab.Hosts)
        {
            var folder = Path.Combine(lab.Directory, "broken", host);
            Directory.CreateDirectory(folder);
            var (config, content) = (Path.Combine(folder, "config.yml"), Path.Combine(folder, "content"));
            await File.WriteAllTextAsync(content, "a file where a folder should be");
            await File.WriteAllTextAsync(config, $"""
                version: 0.1
                storage:
                  filesystem:
                    rootdirectory: {content}
                http:
                  addr: {Address}
                """);
            registry._registries.Add(lab.Start(host, "docker-registry", "serve", config));
            await Eventually.HoldsAsync(
                $"the registry of {host} is broken", 15,
                () => lab.RunAsync(
                    host, "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", $"http://{Address}/v2/web/manifests/1"),
                answer => answer.Output.Trim() == "500");
        }
        return registry;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var registry in _registries) await registry.DisposeAsync();
    }
}
