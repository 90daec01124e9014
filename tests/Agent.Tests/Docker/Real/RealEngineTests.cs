// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;

namespace ClusterManager.Agent.Tests.Docker;

/// <summary>What the real tests share: both engines, names that nobody else uses, and a deadline.</summary>
[Collection(Name)]
[Trait("Category", "Real")]
public abstract class RealEngineTests(EnginesFixture engines) : IDisposable
{
    public const string Name = "engines";

    private static int _names;

    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromSeconds(60), TimeProvider.System);

    /// <summary>Every test runs against both.</summary>
    public static TheoryData<string> Engines => ["old", "newest"];

    protected CancellationToken Deadline => _deadline.Token;

    internal RealEngine Engine(string name) => engines[name];

    internal DockerClient Client(string name) => engines[name].Client;

    public void Dispose()
    {
        _deadline.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static string NewName() => $"t{Interlocked.Increment(ref _names)}";

    protected static ContainerRequest Script(string script) => new()
    {
        Name = NewName(), Image = RealEngine.Image, Command = ["sh", "-c", script], StopTimeout = TimeSpan.FromSeconds(1),
    };

    internal async Task<string> StartAsync(DockerClient client, ContainerRequest request)
    {
        var created = await client.CreateContainerAsync(request, Deadline);
        await client.StartContainerAsync(created.Id, Deadline);
        return created.Id;
    }

    internal async Task<ContainerDetails> RunAsync(DockerClient client, ContainerRequest request)
    {
        var id = await StartAsync(client, request);
        await client.WaitContainerAsync(id, WaitCondition.NotRunning, null, Deadline);
        return await client.InspectContainerAsync(id, Deadline);
    }

    internal async Task<List<LogLine>> LogsAsync(DockerClient client, string id, LogRequest? request = null)
    {
        var lines = new List<LogLine>();
        await foreach (var line in client.ReadLogsAsync(id, request ?? new LogRequest(), Deadline))
            lines.Add(line);
        return lines;
    }

    /// <summary>Looks at a container until it is as wanted; the deadline is the test's.</summary>
    internal async Task<ContainerDetails> UntilAsync(DockerClient client, string id, Func<ContainerDetails, bool> wanted)
    {
        while (true)
        {
            var details = await client.InspectContainerAsync(id, Deadline);
            if (wanted(details))
                return details;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Deadline);
        }
    }

    internal static async Task<DockerException> FailsAsync(DockerErrorKind kind, Func<Task> call)
    {
        var exception = await Assert.ThrowsAsync<DockerException>(call);
        Assert.True(kind == exception.Kind, $"expected {kind}, was {exception.Kind} ({exception.StatusCode}): {exception.Message}");
        return exception;
    }
}

/// <summary>Starts the engines once.</summary>
[CollectionDefinition(RealEngineTests.Name)]
public sealed class EnginesDefinition : ICollectionFixture<EnginesFixture>;
