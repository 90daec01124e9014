// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;

namespace ClusterManager.Lab.Tests.Harness;

/// <summary>A class of tests on a lab: each test finds the cluster well and without services, and leaves none behind.</summary>
[Trait("Category", "Lab")]
public abstract class LabTest(LabFixture fixture) : IAsyncLifetime
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };

    /// <summary>The lab.</summary>
    protected Lab Lab { get; } = fixture.Lab;

    /// <inheritdoc/>
    public virtual Task InitializeAsync() => fixture.RestoreAsync();

    /// <inheritdoc/>
    public virtual async Task DisposeAsync()
    {
        var list = await Lab.ClusterAsync("service ls -o name");
        if (list.ExitCode != 0)
        {
            await fixture.RestoreAsync();
            list = await Lab.ClusterAsync("service ls -o name");
        }

        var names = list.Expect(0).Lines;
        if (names.Count == 0) return;
        (await Lab.ClusterAsync($"service rm {string.Join(' ', names)}")).Expect(0);
    }

    /// <summary>An image of the lab's registry.</summary>
    protected static string Image(string tag) => $"registry.lab:5000/web:{tag}";

    /// <summary>Runs a service that must come up, and returns its containers.</summary>
    /// <param name="name">Its name in the default stack.</param>
    /// <param name="replicas">How many.</param>
    /// <param name="options">Of <c>cluster run</c>.</param>
    /// <param name="tag">By default an image with a health check: the verdict on one without comes some seconds later.</param>
    protected async Task<IReadOnlyList<LabContainer>> RunServiceAsync(
        string name, int replicas, string options = "-p 8080", string tag = "1-hc")
    {
        // The default drain of 3 s is tried where requests are counted; here it would only be waited for.
        if (!options.Contains("--drain", StringComparison.Ordinal)) options = $"--drain 1s {options}";
        (await Lab.ClusterAsync($"run --name {name} --replicas {replicas} {options} {Image(tag)}")).Expect(0);
        return await RunningAsync(name, replicas);
    }

    /// <summary>Waits until exactly so many containers of the service run, at most 20 s unless said otherwise.</summary>
    protected Task<IReadOnlyList<LabContainer>> RunningAsync(string name, int count, double seconds = 20) =>
        Eventually.HoldsAsync($"{count} containers of {name} run", seconds, () => RunningNowAsync(name), found => found.Count == count);

    /// <summary>The service's containers that run.</summary>
    protected async Task<IReadOnlyList<LabContainer>> RunningNowAsync(string name) =>
        [.. (await Lab.ContainersAsync(FullName(name))).Where(container => container.IsRunning)];

    /// <summary>Waits until <c>cluster status</c> says that all is well.</summary>
    protected async Task WellAsync(double seconds = 40) =>
        await Eventually.HoldsAsync("all is well again", seconds, () => Lab.ClusterAsync("status"), status => status.ExitCode == 0);

    /// <summary>Waits until the name stands for exactly so many replicas, and returns them.</summary>
    protected Task<IReadOnlyList<Endpoint>> NamedAsync(string name, int count, string host = "h1", double seconds = 10) =>
        Eventually.HoldsAsync(
            $"{name} has {count} entries on {host}", seconds, () => Lab.ResolveAsync(name, host), found => found.Count == count);

    /// <summary>What the web server there says it is: "1" to "5".</summary>
    protected static async Task<string> VersionAsync(Endpoint endpoint)
    {
        var answer = await Http.GetStringAsync(new Uri($"http://{endpoint.Address}:{endpoint.Port}/"));
        return JsonDocument.Parse(answer).RootElement.GetProperty("version").GetString()!;
    }

    /// <summary>The ids of containers, in order, to compare before and after.</summary>
    protected static IReadOnlyList<string> Ids(IEnumerable<LabContainer> containers) =>
        [.. containers.Select(container => container.Id).Order(StringComparer.Ordinal)];

    /// <summary>Ids and starting times: equal before and after only if nothing was even restarted.</summary>
    protected static IReadOnlyList<string> Lives(IEnumerable<LabContainer> containers) =>
        [.. containers.Select(container => $"{container.Id} {container.StartedAt}").Order(StringComparer.Ordinal)];

    /// <summary>A file below the lab's folder, seen by all hosts.</summary>
    protected async Task<string> FileAsync(string name, string content)
    {
        var path = Path.Combine(Lab.Directory, name);
        await File.WriteAllTextAsync(path, content);
        return path;
    }

    private static string FullName(string name) => name.Contains('/') ? name : $"default/{name}";
}
