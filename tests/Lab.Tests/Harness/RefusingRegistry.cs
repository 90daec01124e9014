// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Lab.Tests.Harness;

/// <summary>On the loopback of each host, a registry that asks for a password which nobody has.</summary>
public sealed class RefusingRegistry : IAsyncDisposable
{
    // Engines accept plain HTTP from their own loopback only.
    private const string Address = "127.0.0.1:5999";
    private readonly List<RunningCommand> _registries = [];

    /// <summary>An image in it.</summary>
    public static string Image => $"{Address}/web:1";

    /// <summary>Starts it on all hosts of the lab, and waits until it refuses.</summary>
    public static async Task<RefusingRegistry> StartAsync(Lab lab)
    {
        var registry = new RefusingRegistry();
        foreach (var host in lab.Hosts)
        {
            var folder = Path.Combine(lab.Directory, "refusing", host);
            Directory.CreateDirectory(folder);
            var config = Path.Combine(folder, "config.yml");
            await File.WriteAllTextAsync(config, $"""
                version: 0.1
                storage:
                  filesystem:
                    rootdirectory: {folder}/content
                http:
                  addr: {Address}
                auth:
                  htpasswd:
                    realm: lab
                    path: {folder}/htpasswd
                """);
            await File.WriteAllTextAsync(Path.Combine(folder, "htpasswd"), "");
            registry._registries.Add(lab.Start(host, "docker-registry", "serve", config));
            await Eventually.HoldsAsync(
                $"the registry of {host} refuses", 15,
                () => lab.RunAsync(host, "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", $"http://{Address}/v2/"), answer =>
                    answer.Output.Trim() == "401");
        }
        return registry;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var registry in _registries) await registry.DisposeAsync();
    }
}
