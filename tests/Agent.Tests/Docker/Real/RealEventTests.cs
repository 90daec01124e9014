// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;

namespace ClusterManager.Agent.Tests.Docker;

/// <summary>Events, and the engine's own absence, on real engines.</summary>
public sealed class RealEventTests(EnginesFixture engines) : RealEngineTests(engines)
{
    [Theory, MemberData(nameof(Engines))]
    public async Task Events_of_a_label_tell_a_containers_life(string engine)
    {
        var client = Client(engine);
        var mark = NewName();
        var labels = new Dictionary<string, string> { ["cm.mark"] = mark };
        await using var events = await client.OpenEventsAsync(null,
            new EngineEventFilter { Types = ["container"], Labels = [$"cm.mark={mark}"] }, Deadline);

        var details = await RunAsync(client, Script("exit 5") with { Labels = labels });
        await RunAsync(client, Script("true"));
        await client.RemoveContainerAsync(details.Id, force: false, removeAnonymousVolumes: true, Deadline);

        var seen = new List<EngineEvent>();
        while (seen.Count == 0 || seen[^1].Action != "destroy")
            seen.Add(await events.ReadAsync(Deadline));
        Assert.Equal(["create", "start", "die", "destroy"], seen.Select(happened => happened.Action));
        Assert.All(seen, happened => Assert.Equal(("container", details.Id), (happened.Type, happened.ActorId)));
        Assert.Equal("5", seen[2].Attributes["exitCode"]);
        Assert.Equal(mark, seen[2].Attributes["cm.mark"]);
        Assert.InRange(seen[2].Time, details.Started!.Value, details.Finished!.Value.AddSeconds(1));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Past_events_are_replayed_from_the_very_nanosecond(string engine)
    {
        var client = Client(engine);
        await using var events = await client.OpenEventsAsync(null, new EngineEventFilter { Types = ["volume"], Actions = ["create"] },
            Deadline);
        await client.CreateVolumeAsync(new VolumeRequest(NewName()), Deadline);
        var first = await events.ReadAsync(Deadline);

        await using var inclusive = await client.OpenEventsAsync(first.UnixNanoseconds,
            new EngineEventFilter { Types = ["volume"], Actions = ["create"] }, Deadline);
        await using var later = await client.OpenEventsAsync(first.UnixNanoseconds + 1,
            new EngineEventFilter { Types = ["volume"], Actions = ["create"] }, Deadline);
        var second = await client.CreateVolumeAsync(new VolumeRequest(NewName()), Deadline);

        Assert.Equal(first.ActorId, (await inclusive.ReadAsync(Deadline)).ActorId);
        Assert.Equal(second.Name, (await later.ReadAsync(Deadline)).ActorId);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task The_stream_outlives_a_restart_of_the_engine_and_calls_say_that_it_is_away(string engine)
    {
        var client = Client(engine);
        var filter = new EngineEventFilter { Types = ["container"], Actions = ["create"] };
        await using var notices = new EngineEventStream(client, filter,
            TimeProvider.System).ReadAsync(Deadline).GetAsyncEnumerator(Deadline);
        Assert.IsType<EngineNotice.Connected>(await NextAsync(notices));
        var before = await client.CreateContainerAsync(Script("true"), Deadline);
        Assert.Equal(before.Id, Assert.IsType<EngineNotice.Happened>(await NextAsync(notices)).Event.ActorId);
        var sleeper = await StartAsync(client, Script("sleep 60"));
        Assert.IsType<EngineNotice.Happened>(await NextAsync(notices));
        var wait = client.WaitContainerAsync(sleeper, WaitCondition.NextExit, null, Deadline);

        await Engine(engine).StopAsync();

        await FailsAsync(DockerErrorKind.EngineUnavailable, () => client.GetInfoAsync(Deadline));
        Assert.Equal(DockerErrorKind.EngineUnavailable, Assert.IsType<EngineNotice.Disconnected>(await NextAsync(notices)).Kind);
        // The engine ends its containers before it goes: the wait gets its answer, or the connection breaks.
        var exit = await Record.ExceptionAsync(() => wait);
        Assert.True(exit is null or DockerException { Kind: DockerErrorKind.EngineUnavailable }, exit?.ToString());

        await Engine(engine).StartAgainAsync();

        EngineNotice notice;
        do
            notice = await NextAsync(notices);
        while (notice is EngineNotice.Disconnected);
        Assert.IsType<EngineNotice.Connected>(notice);
        var after = await client.CreateContainerAsync(Script("true"), Deadline);
        Assert.Equal(after.Id, Assert.IsType<EngineNotice.Happened>(await NextAsync(notices)).Event.ActorId);
        Assert.Equal(ContainerState.Exited, (await client.InspectContainerAsync(sleeper, Deadline)).State);
    }

    [Fact]
    public async Task The_newest_api_version_known_is_understood()
    {
        // An engine that has dropped 1.41 is spoken to in a newer version: prove that nothing we send or read changed its meaning.
        using var client = Engine("newest").NewClient(new DockerClientOptions { Preferred = ApiVersionNegotiation.NewestKnown });
        var mark = NewName();
        await using var events = await client.OpenEventsAsync(null,
            new EngineEventFilter { Types = ["container"], Labels = [$"cm.mark={mark}"] }, Deadline);
        var request = Script("echo out; echo err >&2; exit 4") with
        {
            Labels = new Dictionary<string, string> { ["cm.mark"] = mark },
            Mounts = [new ContainerMount.Volume(NewName(), "/v"), new ContainerMount.Tmpfs("/t")],
            Ports = [new PortBinding(new ContainerPort(80), 0, "127.0.0.1")],
            Network = await client.CreateNetworkAsync(new NetworkRequest { Name = NewName() }, Deadline),
            MemoryBytes = 32 * 1024 * 1024,
        };

        var info = await client.GetInfoAsync(Deadline);
        var details = await RunAsync(client, request);
        var lines = await LogsAsync(client, details.Id);

        Assert.NotEqual("1.41", info.ApiVersion);
        Assert.Equal((ContainerState.Exited, 4), (details.State, details.ExitCode));
        Assert.Equal(["err", "out"], lines.Select(line => line.Text).Order(StringComparer.Ordinal));
        Assert.Equal("create", (await events.ReadAsync(Deadline)).Action);
        Assert.Equal([RealEngine.Image], (await client.InspectImageAsync(RealEngine.Image, Deadline)).Tags);
        Assert.NotEmpty(await client.ListImagesAsync(Deadline));
        Assert.NotEmpty(await client.ListVolumesAsync([], Deadline));
        Assert.Single(await client.ListContainersAsync([$"cm.mark={mark}"], Deadline));
        Assert.Null((await client.GetUsageAsync(details.Id, Deadline)).Read);
    }

    private static async Task<EngineNotice> NextAsync(IAsyncEnumerator<EngineNotice> notices)
    {
        Assert.True(await notices.MoveNextAsync());
        return notices.Current;
    }
}
